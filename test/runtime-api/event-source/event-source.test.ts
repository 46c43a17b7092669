import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, type TestIsolate, types, worker } from "../worker/isolate-fixture.ts";

const LISTEN = `const seen = []; const source = new EventSource("https://events.example/a#b");
  for (const type of ["open", "message", "error", "tick"]) source.addEventListener(type, (event) => {
    seen.push(type + ":" + source.readyState + (event instanceof MessageEvent ? ":" + event.data + ":" + event.lastEventId + ":" + event.origin : ""));
    if (event.data === "end") { source.close(); done(); }
  });`;

function bytes(text: string): Uint8Array {
  return new Uint8Array(new TextEncoder().encode(text));
}

/** Answers the call `id` with an event stream whose body is the host's stream. */
function answer(isolate: TestIsolate, id: number, stream: number, type = "text/event-stream", status = 200) {
  const values: Flat[] = [
    status,
    "OK",
    `Content-Type\n${type}`,
    BodyKind.stream,
    stream,
    "https://events.example/a",
    false,
  ];
  return isolate.send(1, In.reply, id, true, values.length, ...values);
}

test("EventSource tells of events across pieces, in all ways to end a line", async () => {
  using isolate = await worker(
    `{ async fetch() { await new Promise((done) => { ${LISTEN} globalThis.seen = seen; }); return Response.json(seen); } }`,
  );
  const first = await isolate.fetch();
  const [, , op, , method, url, headers] = only(first, "call");
  assert.equal([op, method, url], ["fetch", "GET", "https://events.example/a"]);
  assert.match(String(headers), /accept\ntext\/event-stream/i);
  await answer(isolate, 1, 2);
  await isolate.send(1, In.chunk, 2, bytes("\uFEFFdata: a\ndata:b\r"));
  await isolate.send(1, In.chunk, 2, bytes("\n\r\n:comment\nid: 7\nevent: tick\nda"));
  await isolate.send(1, In.chunk, 2, bytes("ta:  c\n\nid\ndata\n\nevent: tick\n\n"));
  const last = await isolate.send(1, In.chunk, 2, bytes("data: end\n\ndata: after\n\n"));
  const origin = "https://events.example";
  assert.equal(JSON.parse(String(only(last, "head")[4])), [
    "open:1",
    `message:1:a\nb::${origin}`,
    `tick:1: c:7:${origin}`,
    `message:1:::${origin}`,
    `message:1:end::${origin}`,
  ]);
  assert.ok(types(last).includes("cancel"));
});

test("EventSource connects again after the time that the server asks for, and names the last event", async () => {
  using isolate = await worker(
    `{ async fetch() { await new Promise((done) => { ${LISTEN} globalThis.seen = seen; }); return Response.json(seen); } }`,
  );
  await isolate.fetch();
  await answer(isolate, 1, 2);
  await isolate.send(1, In.chunk, 2, bytes("retry: 25\nid: \u00e9\ndata: x\n\ndata: cut off"));
  const cut = await isolate.send(1, In.close, 2);
  assert.equal(only(cut, "timerSet"), [1, 25]);
  const again = await isolate.send(1, In.timer, 1);
  assert.match(String(only(again, "call")[6]), /last-event-id\n\u00c3\u00a9/i);
  const broken = await isolate.send(1, In.reply, 2, false, 2, "TypeError", "no route");
  assert.equal(only(broken, "timerSet"), [2, 25]);
  await isolate.send(1, In.timer, 2);
  await answer(isolate, 3, 4);
  const last = await isolate.send(1, In.chunk, 4, bytes("data: end\n\n"));
  const origin = "https://events.example";
  assert.equal(JSON.parse(String(only(last, "head")[4])), [
    "open:1",
    `message:1:x:\u00e9:${origin}`,
    "error:0",
    "error:0",
    "open:1",
    `message:1:end:\u00e9:${origin}`,
  ]);
});

test("EventSource gives up where the answer is no event stream", async () => {
  for (const [type, status] of [
    ["text/html", 200],
    ["text/event-stream", 204],
    ["text/event-stream", 500],
  ] as const) {
    using isolate = await worker(`{ async fetch() {
      const source = new EventSource("https://events.example/a");
      const event = await new Promise((resolve) => { source.onerror = resolve; });
      return Response.json([source.readyState, event instanceof MessageEvent]);
    } }`);
    await isolate.fetch();
    assert.is(only(await answer(isolate, 1, 2, type, status), "head")[4], "[2,false]");
  }
});

test("EventSource refuses URLs that do not parse, and the global scope; it reads a stream that is there", async () => {
  using isolate = await worker(
    `{ async fetch() {
    const names = [early];
    for (const args of [["/relative"], [], ["https://a", 5]]) try { new EventSource(...args); } catch (error) { names.push(error.name); }
    try { EventSource.from({}); } catch (error) { names.push(error.name); }
    const source = EventSource.from(new Response("data: from\\n\\n").body);
    const data = await new Promise((resolve) => { source.onmessage = (event) => resolve(event.data); });
    return Response.json([names, data, source.url, EventSource.CLOSED, source.withCredentials]);
  } }`,
    {
      before: `let early; try { new EventSource("https://a"); } catch (error) { early = error.message.slice(0, 10); }`,
    },
  );
  assert.is(
    only(await isolate.fetch(), "head")[4],
    '[["Disallowed","SyntaxError","TypeError","TypeError","TypeError"],"from","",2,false]',
  );
});

test.run();
