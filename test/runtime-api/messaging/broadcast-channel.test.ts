import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, types, worker } from "../worker/isolate-fixture.ts";

test("BroadcastChannel: a message goes to the others of its name, a copy for each, as tasks", async () => {
  using isolate = await worker(`{ async fetch() {
    const [a, b, c, other] = ["x", "x", "x", "y"].map((name) => new BroadcastChannel(name));
    const seen = [];
    a.onmessage = other.onmessage = () => seen.push("wrong");
    b.onmessage = ({ data }) => { seen.push("b" + data.n); data.n = 9; };
    const done = new Promise((resolve) => c.addEventListener("message", (event) => {
      seen.push("c" + event.data.n, event.target === c, event.origin, event.source, c.name); resolve();
    }));
    const sent = { n: 1 };
    a.postMessage(sent);
    sent.n = 2;
    await done;
    return Response.json(seen);
  } }`);
  assert.equal(types(await isolate.fetch()), ["timerSet", "timerSet"]);
  await isolate.send(1, In.timer, 1);
  assert.is(only(await isolate.send(1, In.timer, 2), "head")[4], '["b1","c1",true,"",null,"x"]');
});

test("BroadcastChannel: a closed one neither hears nor posts, also of what is under way", async () => {
  using isolate = await worker(`{ async fetch() {
    const [a, b, c] = [1, 2, 3].map(() => new BroadcastChannel("x"));
    const seen = [];
    b.onmessage = () => seen.push("closed");
    const done = new Promise((resolve) => { c.onmessage = resolve; });
    a.postMessage(1);
    b.close(); b.close();
    for (const run of [() => b.postMessage(Symbol()), () => a.postMessage(Symbol()), () => a.postMessage(), () => new BroadcastChannel()])
      try { run(); } catch (error) { seen.push(error.name); }
    await done;
    return Response.json(seen);
  } }`);
  await isolate.fetch();
  await isolate.send(1, In.timer, 1);
  assert.is(
    only(await isolate.send(1, In.timer, 2), "head")[4],
    '["InvalidStateError","DataCloneError","TypeError","TypeError"]',
  );
});

test("BroadcastChannel: no message passes from one event to another; the global scope's channels hear all", async () => {
  using isolate = await worker(
    `{ async fetch(request) {
    const path = new URL(request.url).pathname;
    const mine = new BroadcastChannel("x");
    mine.onmessage = ({ data }) => heard.push(path + " heard " + data);
    if (path === "/a") { kept = mine; return await new Promise((resolve) => setTimeout(() => resolve(Response.json(heard)), 1)); }
    let name; try { kept.postMessage(1); } catch (error) { name = error.message; }
    return new Response(await new Promise((resolve) => { answer = (data) => resolve(data + name); mine.postMessage("from " + path); }));
  } }`,
    {
      before: `let kept, answer; const heard = [], wide = new BroadcastChannel("x");
      wide.onmessage = ({ data }) => { heard.push("all heard " + data); answer(data); };
      let thrown; try { wide.postMessage(1); } catch (error) { thrown = error; }
      if (thrown === undefined || !thrown.message.includes("global scope")) throw new Error("posted in the global scope");`,
    },
  );
  await isolate.fetch("/a");
  assert.equal(types(await isolate.fetch("/b")), ["timerSet"]);
  const answer = String(only(await isolate.send(2, In.timer, 1), "head", 2)[4]);
  assert.match(answer, /^from \/b.*different request/);
  assert.is(only(await isolate.send(1, In.timer, 1), "head", 1)[4], '["all heard from /b"]');
});

test.run();
