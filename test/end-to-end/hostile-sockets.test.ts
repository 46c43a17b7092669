import { connect, type Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Random } from "../cell/random.ts";
import { CELLS, closeHosts, type Fixture, makeHost, until, upload } from "./fixture.ts";
import { SocketClient } from "./socket-client.ts";

const GOOD = `export default { fetch() { return new Response("well"); } };`;
const KEY = "AAAAAAAAAAAAAAAAAAAAAA==";

/** A worker whose `code` gets `server`, an end that it has to accept itself. */
function worker(code: string): string {
  return `export default { async fetch(request, env, ctx) {
    const { 0: client, 1: server } = new WebSocketPair();
    ${code}
    return new Response(null, { status: 101, webSocket: client });
  } };`;
}

async function bad(at: Fixture, code: string, limits: object = {}): Promise<{ port: number }> {
  await at.host.deploy(upload("bad", worker(code), { routes: ["bad.test/*"], limits }));
  await at.host.deploy(upload("good", GOOD));
  return await at.host.listen({ port: 0 });
}

async function goodIsWell(at: Fixture): Promise<void> {
  // Where an isolate has to go first to make room, a slow machine may refuse a request meanwhile.
  const good = at.host.worker("good")!;
  await until("the other one answers", async () => (await (await good.fetch("http://x/")).text()) === "well");
  assert.equal(at.faults, []);
}

/** A connection that says what the test wants, behind a handshake. */
function raw(port: number, more = ""): { socket: Socket; text(): string; ended: Promise<void> } {
  const socket = connect(port, "127.0.0.1");
  let said = "";
  socket.on("data", (bytes: Buffer) => (said += bytes.toString("latin1")));
  socket.on("error", () => {});
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.write(
    `GET / HTTP/1.1\r\nhost: bad.test\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${KEY}\r\n${more}\r\n`,
  );
  return { socket, text: () => said, ended };
}

for (const cell of CELLS) {
  test(`a worker that sends without end to a client that does not read is closed, or out of memory (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const { port } = await bad(
      at,
      `server.accept();
       const more = new Uint8Array(1_000_000);
       const id = setInterval(() => { for (let i = 0; i < 20; i++) server.send(more); }, 1);
       server.addEventListener("close", () => clearInterval(id));`,
      { memoryMb: 256, cpuMs: 5_000 },
    );
    const client = await SocketClient.connect(port, "bad.test");
    client.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 500));
    client.socket.resume();
    const { code } = await client.closed;
    assert.ok(code === 1011 || code === 1006, `${code}`);
    await until("the event is over", () => at.events.some((event) => event.worker === "bad"));
    await goodIsWell(at);
  });

  test(`a worker that never reads makes its client wait, and is let go with it (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const { port } = await bad(at, "");
    const client = await SocketClient.connect(port, "bad.test");
    for (let i = 0; i < 300; i++) client.socket.send(Buffer.alloc(100_000));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(client.socket.bufferedAmount > 10_000_000, `${client.socket.bufferedAmount}`);
    client.socket.terminate();
    await until("the event is over", () => at.events.some((event) => event.worker === "bad"));
    await goodIsWell(at);
  });

  test(`a worker that misuses its sockets harms itself only (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const { port } = await bad(
      at,
      `const tries = [
         () => server.send("early"), () => server.close(), () => server.accept(), () => server.accept(),
         () => server.close(1006), () => server.close(99), () => server.close(1000, "x".repeat(200)),
         () => server.send(), () => server.send(Symbol()), () => server.send({ toString() { throw new Error("no"); } }),
         () => client.accept(), () => new WebSocket("ws://127.0.0.1:1/", {}),
         () => server.send(new Proxy(new Uint8Array(4), {})), () => server.send("fine"),
         () => server.dispatchEvent(new MessageEvent("message", { data: "fake" })),
         () => { server.onmessage = () => { throw new Proxy(new Error("x"), { get() { for (;;); } }); }; },
         () => server.close(4000, "one"), () => server.close(4001, "two"), () => server.send("late"),
       ];
       const said = [];
       for (const attempt of tries) try { attempt(); said.push(1); } catch { said.push(0); }
       console.log(said.join(""));`,
    );
    // client.accept() makes the response impossible: the worker threw, in the end.
    const refused = await SocketClient.connect(port, "bad.test").catch((error: Error) => error.message);
    assert.match(refused as string, "500");
    assert.match(at.logs.find(({ text }) => /^[01]+$/.test(text))?.text ?? "", /^0011000000/);
    await goodIsWell(at);
  });

  test(`a message that spins costs its isolate, and the other sockets of it end with 1012 or 1011 (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const { port } = await bad(
      at,
      `server.accept(); server.addEventListener("message", ({ data }) => { if (data === "spin") for (;;); server.send(data); });`,
      { cpuMs: 300 },
    );
    const first = await SocketClient.connect(port, "bad.test");
    const second = await SocketClient.connect(port, "bad.test");
    second.socket.send("hello");
    assert.is(await second.next(), "hello");
    first.socket.send("spin");
    assert.is((await first.closed).code, 1011);
    assert.is((await second.closed).code, 1012);
    await until("both are over", () => at.events.length === 2);
    assert.equal(at.events.map(({ outcome }) => outcome).sort(), ["exceededCpu", "isolateLost"]);
    await goodIsWell(at);
  });

  test(`clients that break the protocol at random break nothing else (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const { port } = await bad(
      at,
      `server.accept(); server.addEventListener("message", ({ data }) => server.send(data));`,
      { socketMessageBytes: 10_000 },
    );
    const random = new Random(11);
    const clients = Array.from({ length: 60 }, () => {
      const client = raw(port);
      const noise = Array.from({ length: 1 + random.int(8) }, () => {
        const bytes = random.bytes(2 + random.int(200));
        bytes[0] = random.pick([0x81, 0x82, 0x01, 0x80, 0x88, 0x89, 0x8a, 0xc1, bytes[0]!]);
        bytes[1] = 0x80 | random.int(126);
        return bytes;
      });
      client.socket.write(Buffer.concat(noise));
      setTimeout(
        () => (random.int(2) === 0 ? client.socket.end() : client.socket.destroy()),
        random.int(300),
      );
      return client;
    });
    await Promise.all(clients.map(({ ended }) => ended));
    await until("all events are over", async () => (await at.host.stats()).inFlight === 0);
    await goodIsWell(at);
  });

  test(`handshakes that are none are answered as requests (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const { port } = await bad(at, "");
    for (const [name, lines] of Object.entries({
      "another version": "sec-websocket-version: 8\r\nsec-websocket-key: " + KEY,
      "no key": "sec-websocket-version: 13",
      "a short key": "sec-websocket-version: 13\r\nsec-websocket-key: AAAA",
      "a body": `sec-websocket-version: 13\r\nsec-websocket-key: ${KEY}\r\ncontent-length: 2`,
    })) {
      const socket = connect(port, "127.0.0.1");
      let said = "";
      socket.on("data", (bytes: Buffer) => (said += bytes.toString("latin1")));
      socket.write(
        `GET / HTTP/1.1\r\nhost: bad.test\r\nconnection: Upgrade\r\nupgrade: websocket\r\n${lines}\r\n\r\nab`,
      );
      await until(`${name} is answered`, () => said.includes("\r\n\r\n"));
      assert.match(said, "HTTP/1.1 426", name);
      socket.destroy();
    }
    const twice = raw(port);
    await until("the handshake is done", () => twice.text().includes("101"));
    twice.socket.destroy();
    // A handshake behind a request that is not answered yet: what follows could be taken for its answer.
    const piped = connect(port, "127.0.0.1");
    const gone = new Promise<void>((resolve) => piped.on("close", () => resolve()));
    piped.on("error", () => {});
    piped.write(
      `GET / HTTP/1.1\r\nhost: bad.test\r\n\r\nGET / HTTP/1.1\r\nhost: bad.test\r\nconnection: Upgrade\r\n` +
        `upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${KEY}\r\n\r\n`,
    );
    await gone;
    await goodIsWell(at);
  });

  test(`an isolate that only sockets keep makes room for others, with 1012 (${cell})`, async () => {
    await using at = await makeHost({ cell, warm: { maxIsolates: 1 } });
    const { port } = await bad(at, `server.accept();`);
    const client = await SocketClient.connect(port, "bad.test");
    await goodIsWell(at);
    assert.is((await client.closed).code, 1012);
  });
}

test("a cell that is lost ends its sockets with 1012", async () => {
  await using at = await makeHost({ cell: "process" });
  const { port } = await bad(
    at,
    `server.accept(); server.addEventListener("message", () => { "a".repeat(2e8).split(""); });`,
    { memoryMb: 64, cpuMs: 5_000 },
  );
  const client = await SocketClient.connect(port, "bad.test");
  client.socket.send("die");
  const { code } = await client.closed;
  assert.ok(code === 1011 || code === 1012, `${code}`);
  await until("the neighbour answers", async () => {
    const answer = await at.host.worker("good")!.fetch("http://x/");
    return (await answer.text()) === "well";
  });
});

test("the hosts close", closeHosts);
test.run();
