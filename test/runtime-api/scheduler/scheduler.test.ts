import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, types, worker } from "../worker/isolate-fixture.ts";

test("scheduler.wait() resolves after a delay, and rejects when its signal aborts", async () => {
  using isolate = await worker(`{ async fetch() {
    const controller = new AbortController();
    const waiting = scheduler.wait(100, { signal: controller.signal }).catch((error) => error.name);
    await scheduler.wait(7);
    controller.abort();
    return new Response(await waiting);
  } }`);
  const first = await isolate.fetch();
  assert.equal(
    first.filter(({ type }) => type === "timerSet").map(({ fields }) => fields[1]),
    [100, 7],
  );
  const out = await isolate.send(1, In.timer, 2);
  assert.equal(types(out), ["timerClear", "head", "end"]);
  assert.is(only(out, "head")[4], "AbortError");
});

test("scheduler.wait() rejects for wrong arguments, for an aborted signal, and in the global scope", async () => {
  using isolate = await worker(
    `{ async fetch() {
    const name = (error) => error.name ?? error;
    return Response.json([
      await scheduler.wait().catch(name), await scheduler.wait(1, 2).catch(name), await scheduler.wait(1, { signal: {} }).catch(name),
      await scheduler.wait(1, { signal: AbortSignal.abort("why") }).catch(name), await early, String(scheduler),
    ]);
  } }`,
    { before: "const early = scheduler.wait(1).catch((error) => error.message.slice(0, 10));" },
  );
  assert.is(
    only(await isolate.fetch(), "head")[4],
    '["TypeError","TypeError","TypeError","why","Disallowed","[object Scheduler]"]',
  );
});

test.run();
