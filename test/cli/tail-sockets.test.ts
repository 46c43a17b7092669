import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import { type ControlFixture, listeningControl } from "./control-fixture.ts";

const TAILS = "/client/v4/accounts/default/workers/scripts/shop/tails";

async function open({ access, token }: ControlFixture, filters: readonly object[] = []): Promise<WebSocket> {
  const headers = { authorization: `Bearer ${token}` };
  const made = await fetch(access.url + TAILS, {
    method: "POST",
    headers,
    body: JSON.stringify({ filters }),
  });
  const { result } = (await made.json()) as { result: { url: string } };
  const socket = new WebSocket(result.url, "trace-v1");
  await once(socket, "open");
  assert.is(socket.protocol, "trace-v1");
  return socket;
}

/** More than any message of a client may be long, but fewer than are a flood. */
const PINGS = 900;

test("a tail answers each ping with what it said, which is no message of the client's, and tells of events", async () => {
  await using server = await listeningControl();
  const socket = await open(server);
  const pings = Array.from({ length: PINGS }, (_, n) => `wrangler tail ping ${n}`);
  const pongs: string[] = [];
  const all = new Promise<void>((done, fail) => {
    socket.on("close", () => fail(new Error(`closed after ${pongs.length} pongs`)));
    socket.on("pong", (data: Buffer) => pongs.push(data.toString()) === pings.length && done());
  });
  // The first frame of a client says what it wants of debugging.
  socket.send(JSON.stringify({ debug: false }));
  for (const ping of pings) socket.ping(ping);
  await all;
  assert.equal(pongs, pings);
  const heard = once(socket, "message");
  await server.host.fetch("http://shop.test/path");
  const [message] = (await heard) as [Buffer];
  assert.match(message.toString(), '"message":["asked"]');
  socket.removeAllListeners("close").terminate();
});

test("a tail is told of what passes its filters alone, is one client's only, and ends with it", async () => {
  await using server = await listeningControl();
  const socket = await open(server, [{ method: ["PUT"] }]);
  const again = new WebSocket(socket.url, "trace-v1");
  const [refused] = (await once(again, "error")) as [Error];
  assert.match(refused.message, "404");
  const told: string[] = [];
  const second = new Promise<void>((done) => {
    socket.on("message", (data: Buffer) => {
      const { event } = JSON.parse(data.toString()) as {
        event: { request: { method: string; url: string } };
      };
      if (told.push(`${event.request.method} ${event.request.url}`) === 2) done();
    });
  });
  for (const [method, path] of [
    ["GET", "left-out"],
    ["PUT", "one"],
    ["POST", "left-out"],
    ["PUT", "two"],
  ] as const)
    await server.host.fetch(`http://shop.test/${path}`, { method });
  await second;
  assert.equal(told, ["PUT http://shop.test/one", "PUT http://shop.test/two"]);
  const closed = once(socket, "close");
  socket.close(1000);
  await closed;
  const late = new WebSocket(socket.url, "trace-v1");
  assert.match(((await once(late, "error")) as [Error])[0].message, "404");
});

test.run();
