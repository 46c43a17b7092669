import { test } from "uvu";
import * as assert from "uvu/assert";
import { CHUNK_BYTES, FIRST_CREDIT_BYTES, SOCKET_RECORD_COST } from "../../../runtime-api/contract/bounds.ts";
import { BodyKind } from "../../../runtime-api/contract/flat.ts";
import { In } from "../../../runtime-api/contract/in.ts";
import { type Emitted, only, type TestIsolate, types, worker } from "./isolate-fixture.ts";

/** A worker that answers every request with a socket, which `body` gets as `server`. */
function upgrading(body: string): Promise<TestIsolate> {
  return worker(`{ fetch(request, env, ctx) {
    const pair = new WebSocketPair();
    const client = pair[0], server = pair[1];
    ${body}
    return new Response(null, { status: 101, webSocket: client, headers: { "x-made": "yes" } });
  } }`);
}

const ECHO = `server.accept();
  server.addEventListener("message", ({ data }) => server.send(data));
  server.addEventListener("close", ({ code, reason, wasClean }) => console.log(code, reason, wasClean));`;

/** What a socket sent: texts, lengths of bytes, and its other records by type. */
function said(records: readonly Emitted[]): unknown[] {
  return records
    .filter(({ type }) => type.startsWith("socket"))
    .map(({ type, fields }) => {
      if (type === "socketMessage")
        return typeof fields[1] === "string" ? fields[1] : (fields[1] as Uint8Array).length;
      if (type === "socketPart") return [fields[1], fields[2], (fields[3] as Uint8Array).length];
      return [type, ...fields.slice(1)];
    });
}

test("a response with a WebSocket is a head with a socket, and its event lives until the socket is over", async () => {
  using isolate = await upgrading(ECHO);
  const first = await isolate.fetch();
  assert.equal(only(first, "head"), [101, "", "x-made\nyes", BodyKind.socket, 1, true]);
  assert.equal(said(first), [["socketCredit", FIRST_CREDIT_BYTES]]);
  assert.equal(said(await isolate.send(1, In.socketMessage, 1, "hello")), ["hello"]);
  assert.equal(said(await isolate.send(1, In.socketMessage, 1, new Uint8Array(7))), [7]);
  const last = await isolate.send(1, In.socketClose, 1, 3001, "bye", true);
  assert.equal(types(last), ["log", "end"]);
  assert.equal(only(last, "log")[1], "3001 bye true");
  assert.equal(only(last, "end"), [true]);
});

test("messages that are too long for a record travel in parts, in both directions", async () => {
  using isolate = await upgrading(ECHO);
  await isolate.fetch();
  const half = new Uint8Array(CHUNK_BYTES);
  assert.equal(said(await isolate.send(1, In.socketPart, 1, false, false, half)), [
    ["socketCredit", CHUNK_BYTES + SOCKET_RECORD_COST],
  ]);
  const out = await isolate.send(1, In.socketPart, 1, false, true, new Uint8Array([1, 2, 3]));
  assert.equal(said(out), [
    [false, false, CHUNK_BYTES],
    [false, true, 3],
  ]);
  // Text is cut anywhere: here within a character.
  const euro = new TextEncoder().encode("€");
  await isolate.send(1, In.socketPart, 1, true, false, new Uint8Array(euro.slice(0, 1)));
  assert.equal(said(await isolate.send(1, In.socketPart, 1, true, true, new Uint8Array(euro.slice(1)))), [
    "€",
  ]);
  const long = "x".repeat(20_000);
  const longBack = await isolate.send(1, In.socketPart, 1, true, true, new TextEncoder().encode(long));
  assert.equal(said(longBack), [[true, true, 20_000]]);
});

test("a worker that sends more than the credit allows keeps the rest, and counts it as buffered", async () => {
  using isolate = await upgrading(`server.accept();
    server.addEventListener("message", () => {
      for (let i = 0; i < 6; i++) server.send(new Uint8Array(${CHUNK_BYTES}));
      console.log(server.bufferedAmount);
    });
    server.addEventListener("message", () => setTimeout(() => console.log(server.bufferedAmount), 1), { once: true });`);
  await isolate.fetch();
  const out = await isolate.send(1, In.socketMessage, 1, "go");
  assert.equal(said(out), [CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES]);
  assert.is(only(out, "log")[1], `${6 * CHUNK_BYTES}`);
  const timer = await isolate.send(1, In.timer, 1);
  assert.is(only(timer, "log")[1], `${2 * CHUNK_BYTES}`);
  // The fourth piece overdrew by little: this much credit is what the two others wait for.
  assert.equal(said(await isolate.send(1, In.socketCredit, 1, 4 * SOCKET_RECORD_COST)), []);
  assert.equal(said(await isolate.send(1, In.socketCredit, 1, 1)), [CHUNK_BYTES]);
  assert.equal(said(await isolate.send(1, In.socketCredit, 1, 200_000)), [CHUNK_BYTES]);
});

test("close() comes after what was sent before, and nothing is taken any more", async () => {
  using isolate = await upgrading(`${ECHO}
    server.send("one"); server.close(1011, "that is all"); server.send("two"); server.close(1000);
    console.log(server.readyState, server.bufferedAmount);`);
  const first = await isolate.fetch();
  assert.equal(said(first), ["one", ["socketClose", 1011, "that is all"]]);
  assert.is(only(first, "log")[1], "2 6");
  assert.equal(said(await isolate.send(1, In.socketMessage, 1, "late")), []);
  assert.equal(types(await isolate.send(1, In.socketClose, 1, 1011, "that is all", true)), ["log", "end"]);
});

test("what is sent before the response stands before what comes after it", async () => {
  using isolate = await upgrading(`server.accept(); server.send("early"); ctx.waitUntil(Promise.resolve());`);
  assert.equal(types(await isolate.fetch()), ["head", "socketMessage", "socketCredit"]);
});

test("a listener that throws ends its socket with 1011", async () => {
  using isolate = await upgrading(`server.accept();
    server.addEventListener("message", () => { throw new Error("broken listener"); });`);
  await isolate.fetch();
  const out = await isolate.send(1, In.socketMessage, 1, "x");
  assert.equal(types(out), ["exception", "socketClose"]);
  assert.equal(said(out), [["socketClose", 1011, "the worker threw an exception"]]);
  assert.equal(only(await isolate.send(1, In.socketClose, 1, 1011, "", true), "end"), [false]);
});

test("a socket that is never accepted takes nothing, and ends when the client goes", async () => {
  using isolate = await upgrading("");
  assert.equal(types(await isolate.fetch()), ["head"]);
  assert.equal(types(await isolate.send(1, In.socketClose, 1, 1006, "", false)), ["end"]);
});

test("a socket belongs to its event", async () => {
  using isolate = await worker(`{ fetch(request) {
    if (request.url.endsWith("/other")) {
      try { globalThis.server.send("x"); } catch (error) { return new Response(error.message); }
    }
    const { 0: client, 1: server } = new WebSocketPair();
    globalThis.server = server;
    server.accept();
    return new Response(null, { status: 101, webSocket: client });
  } }`);
  await isolate.fetch();
  assert.match(only(await isolate.fetch("/other"), "head")[4] as string, "on behalf of a different request");
});

test("new Response holds to status 101 and one use of a WebSocket", async () => {
  using isolate = await worker(`{ fetch() {
    const said = [];
    const attempt = (make) => { try { make(); said.push("fine"); } catch (error) { said.push(error.name); } };
    attempt(() => new Response(null, { status: 101 }));
    const { 0: a, 1: b } = new WebSocketPair();
    attempt(() => new Response(null, { webSocket: a }));
    attempt(() => new Response(null, { status: 101, webSocket: {} }));
    attempt(() => new Response("text", { status: 101, webSocket: a }));
    attempt(() => new Response(null, { status: 101, webSocket: a }).clone());
    attempt(() => b.send("x"));
    attempt(() => b.close());
    b.accept();
    attempt(() => b.close(1006));
    attempt(() => b.close(1000, "x".repeat(124)));
    attempt(() => b.accept());
    said.push(a.readyState, a.url, a.protocol, a.binaryType);
    return new Response(said.join());
  } }`);
  assert.is(
    only(await isolate.fetch(), "head")[4],
    "RangeError,RangeError,TypeError,TypeError,TypeError,TypeError,TypeError,InvalidAccessError,SyntaxError,fine,1,,,arraybuffer",
  );
  using accepted = await upgrading(`client.accept();`);
  assert.match(only(await accepted.fetch(), "exception")[1] as string, "after calling accept()");
});

test("the ends of a pair talk to each other as tasks, and a close is answered", async () => {
  using isolate = await worker(`{ async fetch() {
    const { 0: a, 1: b } = new WebSocketPair();
    const said = [];
    a.accept();
    b.accept();
    a.binaryType = "blob";
    b.addEventListener("message", ({ data }) => { said.push("b " + data); b.send(new Uint8Array([1, 2])); });
    a.addEventListener("message", ({ data }) => { said.push("a " + data.size); a.close(4000, "done"); });
    const closed = (end, name) => new Promise((resolve) => end.addEventListener("close", ({ code, reason }) => {
      said.push(name + code + reason + end.readyState);
      resolve();
    }));
    const both = Promise.all([closed(a, "a"), closed(b, "b")]);
    a.send("hi");
    said.push("sent");
    await both;
    b.serializeAttachment({ n: 1 });
    said.push(JSON.stringify(b.deserializeAttachment()), a.deserializeAttachment());
    return new Response(said.join());
  } }`);
  let out = await isolate.fetch();
  for (let timer = 1; !types(out).includes("head"); timer++) {
    assert.ok(timer < 9, JSON.stringify(out));
    out = await isolate.send(1, In.timer, timer);
  }
  assert.is(only(out, "head")[4], `sent,b hi,a 2,b4000done3,a4000done3,{"n":1},`);
});

test("new WebSocket connects by a call, and talks once the reply is there", async () => {
  using isolate = await worker(`{ async fetch() {
    const socket = new WebSocket("http://Example.com:80/chat?x=1", ["one", "two"]);
    console.log(socket.url, socket.readyState, socket.binaryType, [socket.protocol, socket.extensions].join());
    try { socket.send("early"); } catch (error) { console.log(error.name); }
    const said = [];
    socket.onopen = () => { said.push(socket.readyState, socket.protocol); socket.send("hello"); };
    socket.onmessage = ({ data, origin }) => { said.push(data, origin); socket.close(1000, "enough"); };
    await new Promise((resolve) => { socket.onclose = ({ code, reason, wasClean }) => {
      said.push(code, reason, wasClean); resolve(); }; });
    return new Response(said.join());
  } }`);
  const first = await isolate.fetch();
  assert.equal(
    first.filter(({ type }) => type === "log").map(({ fields }) => fields[1]),
    ["ws://example.com/chat?x=1 0 blob ,", "InvalidStateError"],
  );
  assert.equal(only(first, "call"), [
    1,
    0,
    "connect",
    3,
    "ws://example.com/chat?x=1",
    "sec-websocket-protocol\none, two",
    true,
  ]);
  const headers = "sec-websocket-protocol\ntwo";
  const open = await isolate.send(1, In.reply, 1, true, 7, 101, "", headers, BodyKind.socket, 2, "", false);
  assert.equal(said(open), ["hello", ["socketCredit", FIRST_CREDIT_BYTES]]);
  assert.equal(said(await isolate.send(1, In.socketMessage, 2, "hi")), [["socketClose", 1000, "enough"]]);
  const last = await isolate.send(1, In.socketClose, 2, 1000, "enough", true);
  assert.is(only(last, "head")[4], "1,two,hi,ws://example.com,1000,enough,true");
  assert.equal(types(last), ["head", "end"]);
});

test("new WebSocket that cannot connect fires error and close, and close() before that withdraws the call", async () => {
  using isolate = await worker(`{ async fetch(request) {
    const socket = new WebSocket("ws://x.example/");
    const said = [];
    socket.onerror = () => said.push("error");
    if (request.url.endsWith("/close")) { socket.close(); said.push(socket.readyState); }
    await new Promise((resolve) => { socket.onclose = ({ code, wasClean }) => { said.push(code, wasClean); resolve(); }; });
    return new Response(said.join());
  } }`);
  await isolate.fetch();
  const failed = await isolate.send(1, In.reply, 1, false, 2, "Error", "no");
  assert.is(only(failed, "head")[4], "error,1006,false");
  await isolate.fetch();
  const refused = await isolate.send(2, In.reply, 1, true, 7, 403, "", "", BodyKind.stream, 2, "", false);
  assert.equal(types(refused), ["cancel", "head", "end"]);
  const withdrawn = await isolate.fetch("/close");
  assert.equal(types(withdrawn), ["call", "uncall", "head", "end"]);
  assert.is(only(withdrawn, "head")[4], "2,error,1006,false");
});

test("new WebSocket refuses bad URLs, protocols and codes by the standard", async () => {
  using isolate = await worker(`{ async fetch() {
    const said = [];
    const attempt = (make) => { try { make(); said.push("fine"); } catch (error) { said.push(error.name); } };
    for (const url of ["ws://foo bar.com/", "ftp://a/", "test", "ws://a/#", "ws://a/#x"]) attempt(() => new WebSocket(url));
    for (const list of ["", "a b", "\\u0080", ["a", "A"], ["a", "b"], [], undefined]) attempt(() => new WebSocket("wss://a/", list));
    attempt(() => new WebSocket());
    attempt(() => WebSocket("ws://a/"));
    const socket = new WebSocket("ws://a/");
    for (const code of [0, 999, 1001, 1011, 2999, 5000, NaN, null, 66536]) attempt(() => socket.close(code));
    attempt(() => socket.close(3000, "\\u00e9".repeat(62)));
    attempt(() => socket.accept());
    attempt(() => new Response(null, { status: 101, webSocket: socket }));
    return new Response(said.join());
  } }`);
  const said = (only(await isolate.fetch(), "head")[4] as string).split(",");
  assert.equal(
    said.slice(0, 5),
    Array.from({ length: 5 }, () => "SyntaxError"),
  );
  assert.equal(said.slice(5, 12), [
    "SyntaxError",
    "SyntaxError",
    "SyntaxError",
    "SyntaxError",
    "fine",
    "fine",
    "fine",
  ]);
  assert.equal(said.slice(12, 14), ["TypeError", "TypeError"]);
  assert.equal(
    said.slice(14, 23),
    Array.from({ length: 9 }, () => "InvalidAccessError"),
  );
  assert.equal(said.slice(23), ["SyntaxError", "TypeError", "fine"]);
});

test("fetch with Upgrade connects, and its socket passes on untouched or talks once accepted", async () => {
  using isolate = await worker(`{ async fetch(request) {
    const response = await fetch("https://up.example/", { headers: { Upgrade: "WebSocket" } });
    if (request.url.endsWith("/pass")) return response;
    const socket = response.webSocket;
    if (socket === null) return new Response("refused " + response.status);
    socket.accept();
    socket.send("hi " + socket.protocol + response.status);
    const data = await new Promise((resolve) => socket.addEventListener("message", ({ data }) => resolve(data)));
    return new Response(data);
  } }`);
  const reply = [In.reply, 1, true, 7, 101, "", "sec-websocket-protocol\np", BodyKind.socket, 2, "u", false];
  assert.equal(only(await isolate.fetch("/pass"), "call"), [
    1,
    0,
    "connect",
    3,
    "https://up.example/",
    "upgrade\nWebSocket",
    false,
  ]);
  const passed = await isolate.send(1, ...reply);
  assert.equal(types(passed), ["head", "end"]);
  assert.equal(only(passed, "head"), [101, "", "sec-websocket-protocol\np", BodyKind.socket, 2, true]);
  await isolate.fetch("/talk");
  assert.equal(said(await isolate.send(2, ...reply)), [["socketCredit", FIRST_CREDIT_BYTES], "hi p101"]);
  assert.is(only(await isolate.send(2, In.socketMessage, 2, "back"), "head")[4], "back");
  await isolate.fetch("/no");
  const no = await isolate.send(3, In.reply, 1, true, 7, 403, "", "", BodyKind.none, null, "u", false);
  assert.is(only(no, "head")[4], "refused 403");
});

test("a worker that waits for a socket on which nobody listens has hung", async () => {
  using isolate = await worker(`{ async fetch() {
    const { webSocket } = await fetch("https://up.example/", { headers: { Upgrade: "websocket" } });
    await new Promise(() => {});
  } }`);
  await isolate.fetch();
  const out = await isolate.send(1, In.reply, 1, true, 7, 101, "", "", BodyKind.socket, 2, "u", false);
  assert.match(only(out, "exception")[1] as string, "had hung");
});

test("a worker that patches prototypes gets its messages all the same", async () => {
  using isolate = await upgrading(`${ECHO}
    for (const name of ["push", "shift", "slice"]) Array.prototype[name] = () => { throw new Error(name); };
    Map.prototype.get = () => { throw new Error("get"); };
    Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), "length", { get: () => 1e9 });`);
  assert.equal(types(await isolate.fetch()), ["head", "socketCredit"]);
  const out = await isolate.send(1, In.socketMessage, 1, new Uint8Array(5));
  assert.equal(types(out), ["socketMessage"]);
});

test.run();
