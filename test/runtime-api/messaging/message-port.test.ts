import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, types, worker } from "../worker/isolate-fixture.ts";

test("MessagePort: a message is a copy, and a task of the event that posted it", async () => {
  using isolate = await worker(`{ async fetch() {
    const { port1, port2 } = new MessageChannel();
    const seen = [];
    const got = new Promise((resolve) => { port2.onmessage = (event) => { seen.push(event.data.a); resolve(event); }; });
    const sent = { a: 1 };
    port1.postMessage(sent);
    sent.a = 2;
    Promise.resolve().then(() => seen.push("microtask"));
    const event = await got;
    return Response.json([seen, event.isTrusted, event.target === port2, event.ports.length, event instanceof MessageEvent]);
  } }`);
  const first = await isolate.fetch();
  assert.equal(only(first, "timerSet"), [1, 0]);
  assert.is(only(await isolate.send(1, In.timer, 1), "head")[4], '[["microtask",1],true,true,0,true]');
});

test("MessagePort: holds messages back until it is started, then gives them in order", async () => {
  using isolate = await worker(`{ async fetch() {
    const { port1, port2 } = new MessageChannel();
    const seen = [];
    const done = new Promise((resolve) => port2.addEventListener("message", ({ data }) => { seen.push(data); if (data === 3) resolve(); }));
    port1.postMessage(1); port1.postMessage(2);
    await new Promise((resolve) => setTimeout(resolve, 5));
    port2.start(); port2.start();
    port1.postMessage(3);
    await done;
    return new Response(seen.join());
  } }`);
  assert.equal(types(await isolate.fetch()), ["timerSet"]);
  assert.equal(types(await isolate.send(1, In.timer, 1)), ["timerSet", "timerSet", "timerSet"]);
  await isolate.send(1, In.timer, 2);
  await isolate.send(1, In.timer, 3);
  assert.is(only(await isolate.send(1, In.timer, 4), "head")[4], "1,2,3");
});

test("MessagePort: messages under way follow a port that is transferred", async () => {
  using isolate = await worker(`{ async fetch() {
    const a = new MessageChannel(), b = new MessageChannel();
    a.port2.start();
    a.port1.postMessage("early");
    const moved = new Promise((resolve) => { b.port2.onmessage = ({ ports, data }) => resolve([ports[0], data.port]); });
    b.port1.postMessage({ port: a.port2 }, [a.port2]);
    const [port, same] = await moved;
    const first = await new Promise((resolve) => { port.onmessage = ({ data }) => resolve(data); });
    let name; try { structuredClone(null, { transfer: [a.port2] }); } catch (error) { name = error.name; }
    return Response.json([first, port === same, port === a.port2, name]);
  } }`);
  await isolate.fetch();
  await isolate.send(1, In.timer, 1);
  await isolate.send(1, In.timer, 2);
  assert.is(only(await isolate.send(1, In.timer, 3), "head")[4], '["early",true,false,"DataCloneError"]');
});

test("MessagePort: refuses itself, what is not transferable, and wrong arguments", async () => {
  using isolate = await worker(`{ fetch() {
    const { port1, port2 } = new MessageChannel();
    const names = [];
    for (const run of [
      () => port1.postMessage(1, [port1]), () => port1.postMessage(port2), () => port1.postMessage(() => {}),
      () => port1.postMessage(1, { transfer: [new Blob([])] }), () => port1.postMessage(1, { transfer: [1] }),
      () => port1.postMessage(1, 5), () => port1.postMessage(), () => new MessagePort(), () => MessageChannel(),
      () => port1.postMessage(1, [port2, port2]), () => MessagePort.prototype.start.call({}),
    ]) try { run(); names.push("none"); } catch (error) { names.push(error.name); }
    return new Response(names.join());
  } }`);
  const clone = "DataCloneError";
  assert.is(
    only(await isolate.fetch(), "head")[4],
    [
      clone,
      clone,
      clone,
      clone,
      "TypeError",
      "TypeError",
      "TypeError",
      "TypeError",
      "TypeError",
      clone,
      "TypeError",
    ].join(),
  );
});

test("MessagePort: close() tells the other end; nothing arrives any more", async () => {
  using isolate = await worker(`{ async fetch() {
    const { port1, port2 } = new MessageChannel();
    const seen = [];
    port2.onmessage = ({ data }) => seen.push(data);
    const closed = new Promise((resolve) => { port2.onclose = resolve; });
    port1.postMessage("under way");
    port1.close();
    port1.postMessage("lost"); port2.postMessage("lost");
    await closed;
    let name; try { structuredClone(port1, { transfer: [port1] }); } catch (error) { name = error.name; }
    return Response.json([seen, name]);
  } }`);
  assert.equal(types(await isolate.fetch()), ["timerSet", "timerSet"]);
  await isolate.send(1, In.timer, 1);
  assert.is(only(await isolate.send(1, In.timer, 2), "head")[4], '[["under way"],"DataCloneError"]');
});

test("MessagePort: one made in the global scope serves every event, and each pays for its own messages", async () => {
  using isolate = await worker(
    `{ async fetch(request) {
    const path = new URL(request.url).pathname;
    return new Response(await new Promise((resolve) => { waiting.set(path, resolve); channel.port2.postMessage(path); }));
  } }`,
    {
      before: `const waiting = new Map(), channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => waiting.get(data)("got " + data);
      let thrown; try { channel.port2.postMessage(1); } catch (error) { thrown = error; }
      const closed = new MessageChannel();
      closed.port2.onclose = () => {};
      closed.port1.close();
      if (thrown === undefined || !thrown.message.includes("global scope")) throw new Error("posted in the global scope");`,
    },
  );
  await isolate.fetch("/a");
  await isolate.fetch("/b");
  assert.is(only(await isolate.send(2, In.timer, 1), "head", 2)[4], "got /b");
  assert.is(only(await isolate.send(1, In.timer, 1), "head", 1)[4], "got /a");
});

test("MessagePort: an event that only waits for a message that nobody posts has hung", async () => {
  using isolate = await worker(
    `{ fetch: () => new Promise((resolve) => { new MessageChannel().port1.onmessage = resolve; }) }`,
  );
  assert.equal(types(await isolate.fetch()), ["exception", "end"]);
});

test("MessagePort: messages are bounded as timers are", async () => {
  using isolate = await worker(`{ fetch() {
    const { port1, port2 } = new MessageChannel();
    port2.start();
    try { for (;;) port1.postMessage(1); } catch (error) { return new Response(error.message); }
  } }`);
  assert.match(String(only(await isolate.fetch(), "head")[4]), "Too many timers");
});

test.run();
