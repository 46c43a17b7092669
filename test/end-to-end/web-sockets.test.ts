import { connect as connectTcp } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Host, WorkerUpload } from "../../src/index.ts";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";
import { SocketClient } from "./socket-client.ts";

/** A worker that answers upgrades with one end of a pair; `body` gets the other one as `server`. */
function upgrading(name: string, body: string, more: Partial<WorkerUpload> = {}): WorkerUpload {
  const source = `export default { fetch(request, env, ctx) {
    if (request.headers.get("upgrade") !== "websocket") return new Response("no upgrade");
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    ${body}
    const asked = request.headers.get("sec-websocket-protocol");
    const headers = asked === null ? {} : { "sec-websocket-protocol": asked };
    return new Response(null, { status: 101, webSocket: client, headers });
  } };`;
  return upload(name, source, { routes: [`${name}.test/*`], ...more });
}

const ECHO = `server.addEventListener("message", ({ data }) => server.send(data));
  server.addEventListener("close", ({ code, reason, wasClean }) => console.log("closed", code, reason, wasClean));`;

async function listening(host: Host, worker: WorkerUpload): Promise<number> {
  await host.deploy(worker);
  return (await host.listen({ port: 0 })).port;
}

for (const cell of CELLS) {
  test(`a worker's WebSocket echoes text and bytes of all sizes (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(at.host, upgrading("echo", ECHO));
    await using client = await SocketClient.connect(port, "echo.test", { protocols: ["chat"] } as never);
    assert.is(client.socket.protocol, "chat");
    for (const size of [0, 1, 125, 126, 16_384, 16_385, 65_535, 65_536, 65_537, 1_000_003]) {
      const bytes = Buffer.alloc(size, size % 251);
      client.socket.send(bytes);
      const back = (await client.next()) as Buffer;
      assert.ok(Buffer.isBuffer(back) && back.equals(bytes), `${size} bytes`);
      const text = "aé€😀".repeat(size / 4);
      client.socket.send(text);
      assert.ok((await client.next()) === text, `text of ${text.length}`);
    }
    client.socket.close(3_456, "enough");
    assert.equal(await client.closed, { code: 3_456, reason: "enough" });
    await until("the worker hears of it", () =>
      at.logs.some(({ text }) => text === "closed 3456 enough true"),
    );
    await until("the event is over", () => at.events.length === 1);
    assert.is(at.events[0]?.outcome, "ok");
    assert.is(at.events[0]?.status, 101);
  });

  test(`Node's own WebSocket talks to a worker (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(at.host, upgrading("any", ECHO, { routes: ["127.0.0.1/*"] }));
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, ["chat"]);
    socket.binaryType = "arraybuffer";
    const next = (): Promise<unknown> =>
      new Promise((resolve) =>
        socket.addEventListener("message", ({ data }) => resolve(data), { once: true }),
      );
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    socket.send("hello");
    assert.is(await next(), "hello");
    socket.send(new Uint8Array(70_000).fill(9));
    assert.is(((await next()) as ArrayBuffer).byteLength, 70_000);
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
    socket.close(1000, "bye");
    const { code, wasClean } = await closed;
    assert.equal([code, wasClean], [1000, true]);
  });

  test(`a worker closes with the code that it likes (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(
      at.host,
      upgrading(
        "closer",
        `server.send("first"); server.close(1011, "sorry"); server.close(1000); server.send("never");`,
      ),
    );
    await using client = await SocketClient.connect(port, "closer.test");
    assert.is(await client.next(), "first");
    assert.equal(await client.closed, { code: 1011, reason: "sorry" });
    assert.is(client.received.length, 0);
  });

  test(`a client that is gone closes with 1006 in the worker (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(at.host, upgrading("gone", ECHO));
    const client = await SocketClient.connect(port, "gone.test");
    client.socket.terminate();
    await until("the worker hears of it", () => at.logs.some(({ text }) => text === "closed 1006  false"));
    await until("the event is over", () => at.events.length === 1);
  });

  test(`a redeploy and a close of the host end WebSockets with 1012 (${cell})`, async () => {
    await using at = await makeHost({ cell, spares: 1 });
    const port = await listening(at.host, upgrading("again", ECHO));
    const before = await SocketClient.connect(port, "again.test");
    before.socket.send("a");
    assert.is(await before.next(), "a");
    await at.host.deploy(upgrading("again", ECHO.replace("send(data)", 'send("new " + data)')));
    assert.is((await before.closed).code, 1012);
    await until("the worker hears of it", () => at.logs.some(({ text }) => text.startsWith("closed 1012")));
    const after = await SocketClient.connect(port, "again.test");
    after.socket.send("a");
    assert.is(await after.next(), "new a");
    const closing = at.host.close(5_000);
    assert.is((await after.closed).code, 1012);
    await closing;
  });

  test(`a worker that throws, or meets its limit, closes with 1011 (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(
      at.host,
      upgrading(
        "bad",
        `server.addEventListener("message", ({ data }) => { if (data === "spin") for (;;); throw new Error("listener"); });`,
        { limits: { cpuMs: 300 } },
      ),
    );
    for (const [message, outcome] of [
      ["throw", "exception"],
      ["spin", "exceededCpu"],
    ] as const) {
      await using client = await SocketClient.connect(port, "bad.test");
      client.socket.send(message);
      assert.is((await client.closed).code, 1011, message);
      await until("the event is over", () => at.events.at(-1)?.outcome === outcome);
    }
  });

  test(`a reader that is slow is waited for, and nothing is lost (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(
      at.host,
      upgrading(
        "fast",
        `for (let i = 0; i < 400; i++) server.send(new Uint8Array(50_000).fill(i));
         console.log("buffered", server.bufferedAmount > 15_000_000);
         server.addEventListener("message", () => server.send("buffered " + server.bufferedAmount));`,
        { limits: { cpuMs: 5_000 } },
      ),
    );
    await using client = await SocketClient.connect(port, "fast.test");
    client.socket.pause();
    await until("the worker has sent", () => at.logs.some(({ text }) => text === "buffered true"));
    await new Promise((resolve) => setTimeout(resolve, 500));
    client.socket.resume();
    for (let i = 0; i < 400; i++) {
      const bytes = (await client.next()) as Buffer;
      assert.is(bytes.length, 50_000);
      assert.is(bytes[49_999], i % 256);
    }
    client.socket.send("?");
    assert.is(await client.next(), "buffered 0");
  });

  test(`a message has budgets of its own: CPU, subrequests, log lines (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(
      at.host,
      upgrading(
        "budget",
        `server.addEventListener("message", async ({ data }) => {
          for (let until = 0, x = 0; until < 5e6; until++) x += until;
          console.log(data);
          try { await fetch("http://127.0.0.1:1/"); } catch {}
          server.send(data);
        });`,
        { limits: { cpuMs: 1_000, subrequests: 2, logLines: 2 } },
      ),
    );
    await using client = await SocketClient.connect(port, "budget.test");
    for (let i = 0; i < 80; i++) {
      client.socket.send(`${i}`);
      assert.is(await client.next(), `${i}`);
    }
    assert.is(at.logs.length, 80);
  });

  test(`sockets take no place of their isolate and one of their account (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(
      at.host,
      upgrading("many", ECHO, {
        limits: { isolateConcurrency: 1, accountConcurrency: 1, accountSockets: 3 },
      }),
    );
    const clients: SocketClient[] = [];
    for (let i = 0; i < 3; i++) clients.push(await SocketClient.connect(port, "many.test"));
    const refused = await SocketClient.connect(port, "many.test").catch((error: Error) => error.message);
    assert.match(refused as string, "503");
    for (const [i, client] of clients.entries()) {
      client.socket.send(`${i}`);
      assert.is(await client.next(), `${i}`);
    }
    assert.is((await at.host.stats()).warm.isolates, 1);
    for (const client of clients) await client[Symbol.asyncDispose]();
    await until("all are over", async () => (await at.host.stats()).inFlight === 0);
    await using again = await SocketClient.connect(port, "many.test");
    again.socket.send("x");
    assert.is(await again.next(), "x");
  });

  test(`an event lives on with its socket beyond its wall time (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(
      at.host,
      upgrading("long", ECHO, { limits: { wallMs: 2_000, waitUntilMs: 100 } }),
    );
    await using client = await SocketClient.connect(port, "long.test");
    await new Promise((resolve) => setTimeout(resolve, 2_600));
    client.socket.send("still here");
    assert.is(await client.next(), "still here");
  });

  test(`a message that is too long, and a peer that breaks the protocol, are closed (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const port = await listening(
      at.host,
      upgrading("strict", ECHO, { limits: { socketMessageBytes: 1000 } }),
    );
    await using big = await SocketClient.connect(port, "strict.test");
    big.socket.send(Buffer.alloc(1001));
    assert.is((await big.closed).code, 1009);
    const answers: string[] = [];
    const raw = connectTcp(port, "127.0.0.1");
    raw.on("data", (bytes: Buffer) => answers.push(bytes.toString("latin1")));
    raw.write(
      "GET / HTTP/1.1\r\nhost: strict.test\r\nconnection: Upgrade\r\nupgrade: websocket\r\n" +
        "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    );
    await until("the handshake is done", () => answers.join("").includes("101 Switching"));
    raw.write(Buffer.from([0x81, 0x01, 0x61])); // not masked
    await until("it is closed", () => answers.join("").includes("\x88"));
    assert.ok(answers.join("").includes("\x03\xea"), "with 1002");
    raw.destroy();
  });

  test(`a request that is no handshake gets 426, and host.fetch too (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const source = `export default { fetch() {
      return new Response(null, { status: 101, webSocket: new WebSocketPair()[0] }); } };`;
    const port = await listening(at.host, upload("always", source, { routes: ["127.0.0.1/*"] }));
    assert.is((await fetch(`http://127.0.0.1:${port}/`)).status, 426);
    assert.is((await at.host.worker("always")!.fetch("http://x/")).status, 426);
    await until("the events are over", () => at.events.length === 2);
    const plain = await listening(at.host, upgrading("plain", ECHO));
    const denied = await SocketClient.connect(plain, "nobody.test").catch((error: Error) => error.message);
    assert.match(denied as string, "404");
  });
}

test("the hosts close", closeHosts);
test.run();
