import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocketServer, type WebSocket } from "ws";
import { CELLS, closeHosts, makeHost, until, upload } from "./fixture.ts";
import { SocketClient } from "./socket-client.ts";

interface Origin extends AsyncDisposable {
  readonly url: string;
  readonly server: WebSocketServer;
}

async function origin(onSocket: (socket: WebSocket) => void): Promise<Origin> {
  const http = createServer((_request, response) => response.writeHead(418).end("a teapot"));
  const server = new WebSocketServer({ server: http, path: "/ws" });
  server.on("connection", onSocket);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `127.0.0.1:${(http.address() as AddressInfo).port}`,
    server,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

const echo = (socket: WebSocket): void =>
  void socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
const EGRESS = { allowAddresses: ["127.0.0.1"] };

for (const cell of CELLS) {
  test(`a worker talks to a server by new WebSocket (${cell})`, async () => {
    await using far = await origin(echo);
    await using at = await makeHost({ cell, egress: EGRESS });
    const worker = await at.host.deploy(
      upload(
        "client",
        `export default { async fetch() {
          const socket = new WebSocket("ws://${far.url}/ws", ["a", "b"]);
          const said = [];
          await new Promise((done) => {
            socket.onopen = () => { said.push("open " + socket.protocol); socket.send("text"); socket.send(new Blob(["x".repeat(300_000)])); };
            socket.onmessage = ({ data }) => {
              said.push(typeof data === "string" ? data : "blob " + data.size);
              if (typeof data !== "string") socket.close(3000, "enough");
            };
            socket.onclose = ({ code, reason, wasClean }) => { said.push(code, reason, wasClean); done(); };
          });
          return new Response(said.join());
        } };`,
      ),
    );
    assert.is(await (await worker.fetch("http://x/")).text(), "open a,text,blob 300000,3000,enough,true");
    await until("the event is over", () => at.events.length === 1);
    assert.is(at.events[0]?.subrequests, 1);
    assert.is(at.events[0]?.outcome, "ok");
  });

  test(`fetch with Upgrade gives a WebSocket, or the answer of a server that has none (${cell})`, async () => {
    await using far = await origin(echo);
    await using at = await makeHost({ cell, egress: EGRESS });
    const worker = await at.host.deploy(
      upload(
        "up",
        `export default { async fetch(request) {
          const { pathname } = new URL(request.url);
          const response = await fetch("http://${far.url}" + pathname, { headers: { upgrade: "websocket" } });
          const { webSocket } = response;
          if (webSocket === null) return new Response(response.status + " " + (await response.text()));
          webSocket.accept();
          webSocket.send("ping");
          const { data } = await new Promise((resolve) => webSocket.addEventListener("message", resolve));
          return new Response(response.status + " " + data);
        } };`,
      ),
    );
    assert.is(await (await worker.fetch("http://x/ws")).text(), "101 ping");
    assert.match(await (await worker.fetch("http://x/tea")).text(), /^4\d\d /);
    // The end of the event is the end of its sockets.
    await until("the server's connection is closed", () => far.server.clients.size === 0);
  });

  test(`a worker that replaced V8's own gets the WebSocket of a fetch all the same (${cell})`, async () => {
    await using far = await origin(echo);
    await using at = await makeHost({ cell, egress: EGRESS });
    const worker = await at.host.deploy(
      upload(
        "replaced",
        `const broken = () => { throw new Error("replaced") };
        globalThis.Symbol = globalThis.Object = undefined;
        ({}).constructor.create = ({}).constructor.defineProperty = Function.prototype.call = Function.prototype.bind = broken;
        ({}).constructor.prototype.get = ({}).constructor.prototype.value = 1;
        export default { async fetch() {
          const { webSocket } = await fetch("http://${far.url}/ws", { headers: { upgrade: "websocket" } });
          webSocket.accept();
          webSocket.send("ping");
          return new Response((await new Promise((resolve) => webSocket.addEventListener("message", resolve))).data);
        } };`,
      ),
    );
    assert.is(await (await worker.fetch("http://x/")).text(), "ping");
  });

  test(`a worker passes a client on to a server untouched (${cell})`, async () => {
    const codes: number[] = [];
    await using far = await origin((socket) => {
      echo(socket);
      socket.on("close", (code) => codes.push(code));
    });
    await using at = await makeHost({ cell, egress: EGRESS });
    await at.host.deploy(
      upload(
        "proxy",
        `export default { fetch(request) { return fetch("http://${far.url}/ws", request); } };`,
        { routes: ["proxy.test/*"], limits: { wallMs: 2_000 } },
      ),
    );
    const { port } = await at.host.listen({ port: 0 });
    const client = await SocketClient.connect(port, "proxy.test", { protocols: ["p"] } as never);
    assert.is(client.socket.protocol, "p");
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    for (const size of [1, 70_000, 2_000_000]) {
      client.socket.send(Buffer.alloc(size, 7));
      assert.is((await client.next()).length, size);
    }
    client.socket.close(3_333, "bye");
    assert.is((await client.closed).code, 3_333);
    await until("the server hears of it", () => codes.includes(3_333));
    await until("the event is over", () => at.events.length === 1);
    const again = await SocketClient.connect(port, "proxy.test");
    for (const socket of far.server.clients) socket.close(4_000, "server");
    assert.equal(await again.closed, { code: 4_000, reason: "server" });
    const last = await SocketClient.connect(port, "proxy.test");
    await at.host.delete("proxy");
    assert.is((await last.closed).code, 1012);
    await until("the server hears of that too", () => codes.includes(1001));
  });

  test(`a worker stands between a client and a server (${cell})`, async () => {
    await using far = await origin(echo);
    await using at = await makeHost({ cell, egress: EGRESS });
    await at.host.deploy(
      upload(
        "between",
        `export default { async fetch() {
          const { webSocket: far } = await fetch("http://${far.url}/ws", { headers: { upgrade: "websocket" } });
          const { 0: client, 1: near } = new WebSocketPair();
          far.accept(); near.accept();
          near.addEventListener("message", ({ data }) => far.send("[" + data + "]"));
          far.addEventListener("message", ({ data }) => near.send(data));
          near.addEventListener("close", ({ code }) => far.close(code));
          far.addEventListener("close", ({ code }) => near.close(code));
          return new Response(null, { status: 101, webSocket: client });
        } };`,
        { routes: ["between.test/*"] },
      ),
    );
    const { port } = await at.host.listen({ port: 0 });
    const client = await SocketClient.connect(port, "between.test");
    client.socket.send("a");
    assert.is(await client.next(), "[a]");
    for (const socket of far.server.clients) socket.close(4_001, "");
    assert.is((await client.closed).code, 4_001);
    await until("the event is over", () => at.events.length === 1);
  });

  test(`a worker that may not reach a server gets error and close (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const worker = await at.host.deploy(
      upload(
        "denied",
        `export default { async fetch() {
          const socket = new WebSocket("ws://127.0.0.1:9999/");
          const said = [];
          socket.onerror = ({ type }) => said.push(type);
          await new Promise((done) => { socket.onclose = ({ code }) => { said.push(code); done(); }; });
          return new Response(said.join());
        } };`,
      ),
    );
    assert.is(await (await worker.fetch("http://x/")).text(), "error,1006");
  });
}

test("the hosts close", closeHosts);
test.run();
