import { test } from "uvu";
import * as assert from "uvu/assert";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";

for (const cell of CELLS) {
  test(`microtasks run between timers that are due together, and between messages (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "order",
        `export default { async fetch() {
          const seen = [];
          const { port1, port2 } = new MessageChannel();
          port2.onmessage = ({ data }) => { seen.push("message " + data); queueMicrotask(() => seen.push("after " + data)); };
          for (const data of [1, 2]) port1.postMessage(data);
          for (const name of ["a", "b"]) setTimeout(() => { seen.push(name); Promise.resolve().then(() => seen.push("after " + name)); }, 5);
          await scheduler.wait(40);
          return new Response(seen.join());
        } };`,
      ),
    );
    const answer = await worker.fetch("http://order.test/");
    assert.is(await answer.text(), "message 1,after 1,message 2,after 2,a,after a,b,after b");
  });

  test(`ports that answer each other for ever cost their event its time, not its neighbours (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const spin = await at.host.deploy(
      upload(
        "spin",
        `export default { fetch() { return new Promise(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => port1.postMessage(0); port2.onmessage = () => port2.postMessage(0);
          port1.postMessage(0);
        }); } };`,
        { limits: { cpuMs: 100, wallMs: 1_500 } },
      ),
    );
    const calm = await at.host.deploy(
      upload("calm", `export default { fetch: () => new Response("calm") };`),
    );
    const spinning = spin.fetch("http://spin.test/");
    for (let i = 0; i < 5; i++) assert.is(await (await calm.fetch("http://calm.test/")).text(), "calm");
    assert.ok((await spinning).status >= 500);
    await until("the event is over", () => at.events.some(({ worker }) => worker === "spin"));
    const outcome = at.events.find(({ worker }) => worker === "spin")?.outcome;
    assert.ok(outcome === "exceededCpu" || outcome === "exceededWallTime", outcome);
  });

  test(`unhandledrejection reaches listeners, and the log has the line (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "reject",
        `addEventListener("unhandledrejection", ({ reason }) => console.log("heard", reason instanceof RangeError, reason.message));
        export default { fetch() { Promise.reject(new RangeError("floats")); return new Response("done"); } };`,
      ),
    );
    assert.is(await (await worker.fetch("http://reject.test/")).text(), "done");
    await until("it was heard", () => at.logs.some(({ text }) => text === "heard true floats"));
    assert.ok(at.logs.some(({ level, text }) => level === "error" && text.includes("RangeError: floats")));
    await until("the event is over", () => at.events.length === 1);
    assert.is(at.events[0]?.outcome, "ok");
  });
}

test("hosts are closed", closeHosts);

test.run();
