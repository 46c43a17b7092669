import { duplexPair } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { joinSockets } from "../../src/websocket/join-sockets.ts";
import type { SocketHandler } from "../../src/websocket/message-socket.ts";
import { WireSocket } from "../../src/websocket/wire-socket.ts";

interface End {
  readonly socket: WireSocket;
  readonly seen: unknown[];
  sent: number;
}

const NO_HEAD = new Uint8Array(0);

function end(stream: ReturnType<typeof duplexPair>[0], isServer: boolean, more: object = {}): End {
  const socket = new WireSocket(stream, { isServer, head: NO_HEAD, maxMessageBytes: 1e6, ...more });
  const seen: unknown[] = [];
  const at: End = { socket, seen, sent: 0 };
  const handler: SocketHandler = {
    message: (data) => seen.push(typeof data === "string" ? data : data.length),
    part: (isText, isLast, bytes) => seen.push([isText, isLast, bytes.length]),
    sent: (cost) => (at.sent += cost),
    closed: (...how) => seen.push(how),
  };
  socket.start(handler);
  return at;
}

function pair(more: object = {}): { client: End; server: End } {
  const [near, far] = duplexPair();
  return { client: end(near, false, more), server: end(far, true, more) };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 24_000; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`never: ${what}`);
}

test("WireSocket carries messages both ways, no more than is granted", async () => {
  const { client, server } = pair();
  server.socket.grant(1);
  client.socket.send("a");
  client.socket.send("b");
  client.socket.sendPart(false, false, new Uint8Array(3));
  client.socket.sendPart(false, true, new Uint8Array(4));
  await until("one came", () => server.seen.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(server.seen, ["a"]);
  server.socket.grant(10_000);
  await until("all came", () => server.seen.length === 4);
  assert.equal(server.seen.slice(1), ["b", [false, false, 3], [false, true, 4]]);
  await until("all is told as sent", () => client.sent === 4 * 256 + 1 + 1 + 3 + 4);
  client.socket.terminate();
  server.socket.terminate();
});

test("WireSocket closes behind what was sent; both sides see the code", async () => {
  const { client, server } = pair();
  server.socket.grant(10_000);
  client.socket.send("last");
  client.socket.close(4_000, "done");
  client.socket.close(1000, "again");
  client.socket.send("too late");
  await until("both are over", () => server.seen.length === 2 && client.seen.length === 1);
  assert.equal(server.seen, ["last", [4_000, "done", true]]);
  assert.equal(client.seen, [[4_000, "done", true]]);
});

test("WireSocket throws away what comes while it waits for the peer's close", async () => {
  const { client, server } = pair();
  for (let i = 0; i < 50; i++) client.socket.send(new Uint8Array(60_000));
  client.socket.close(0, "");
  server.socket.close(1012, "restart");
  await until("both are over", () => server.seen.length === 1 && client.seen.length === 1);
  assert.equal(server.seen, [[1005, "", true]]);
  assert.equal(client.seen, [[1012, "restart", true]]);
});

test("WireSocket tells 1006 where the connection breaks or the peer never answers a close", async () => {
  const broken = pair();
  broken.client.socket.terminate();
  await until("it is seen here", () => broken.client.seen.length === 1);
  assert.equal(broken.client.seen, [[1006, "", false]]);
  const [near] = duplexPair();
  const alone = end(near, false, { closeTimeoutMs: 30 });
  alone.socket.close(1000, "");
  await until("it gave up", () => alone.seen.length === 1);
  assert.equal(alone.seen, [[1006, "", false]]);
});

test("WireSocket sees the end of a connection that came before it was begun", async () => {
  const [near, far] = duplexPair();
  far.end();
  near.read(0);
  await until("the end is known", () => near.readableEnded);
  const late = end(near, true);
  await until("it is told", () => late.seen.length === 1);
  assert.equal(late.seen, [[1006, "", false]]);
});

test("WireSocket cuts a peer that gives no sign of life, and keeps one that answers pings", async () => {
  const [near] = duplexPair();
  const alone = end(near, true, { pingMs: 15 });
  await until("it was cut", () => alone.seen.length === 1);
  const { client, server } = pair({ pingMs: 15 });
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal([...client.seen, ...server.seen], []);
  client.socket.terminate();
  server.socket.terminate();
});

test("joinSockets passes messages on no faster than they are taken, and the close", async () => {
  const [a, aFar] = duplexPair();
  const [b, bFar] = duplexPair();
  const options = { head: NO_HEAD, maxMessageBytes: 1e7 };
  let over = 0;
  joinSockets(
    new WireSocket(a, { ...options, isServer: true }),
    new WireSocket(b, { ...options, isServer: false }),
    () => over++,
  );
  const client = end(aFar, false);
  const server = end(bFar, true);
  for (let i = 0; i < 100; i++) client.socket.send(new Uint8Array(50_000));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.is(server.seen.length, 0);
  assert.ok(client.sent < 2_000_000, `${client.sent}`);
  server.socket.grant(1e9);
  await until("all came", () => server.seen.length === 100);
  client.socket.grant(1e6);
  server.socket.send("back");
  await until("the answer came", () => client.seen.length === 1);
  server.socket.close(4_002, "far");
  await until("all is over", () => over === 1 && client.seen.length === 2);
  assert.equal(client.seen, ["back", [4_002, "far", true]]);
});

test("WireSocket closes a connection on which a flood of frames says nothing", async () => {
  for (const flood of [
    [0x89, 0x80, 1, 2, 3, 4],
    [0x00, 0x80, 1, 2, 3, 4],
  ]) {
    const [near, far] = duplexPair();
    const server = end(far, true);
    server.socket.grant(1e6);
    near.resume();
    near.write(Uint8Array.of(0x02, 0x80, 1, 2, 3, 4));
    near.write(Buffer.concat(Array.from({ length: 900 }, () => Uint8Array.from(flood))));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(server.seen, []);
    let answer = Buffer.alloc(0);
    near.on("data", (bytes: Buffer) => (answer = Buffer.concat([answer, bytes])));
    near.write(Buffer.concat(Array.from({ length: 1_000 }, () => Uint8Array.from(flood))));
    await until("a close frame says why", () => answer.includes("too many frames without data"));
    near.end();
    await until("it is over", () => server.seen.length === 1);
    assert.equal(server.seen, [[1006, "", false]]);
  }
});

test.run();
