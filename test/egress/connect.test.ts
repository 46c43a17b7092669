import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocketServer, type WebSocket } from "ws";
import { BodyKind, type Flat } from "../../runtime-api/contract/flat.ts";
import type { Egress } from "../../src/egress/egress.ts";
import type { EgressContext } from "../../src/egress/outbound-request.ts";
import type { MessageSocket, SocketHandler } from "../../src/websocket/message-socket.ts";
import { eventually } from "../eventually.ts";
import { failure, openEgress, rawOrigin } from "./egress-fixture.ts";

interface Server extends AsyncDisposable {
  readonly url: string;
  readonly requests: IncomingMessage[];
}

/** A server of WebSockets by the `ws` package. */
async function socketServer(onSocket: (socket: WebSocket) => void): Promise<Server> {
  const http = createServer((_request, response) => response.writeHead(403).end("no"));
  const server = new WebSocketServer({ server: http, path: "/chat" });
  const requests: IncomingMessage[] = [];
  server.on("connection", (socket, request) => {
    requests.push(request);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

interface Connected {
  readonly reply: readonly Flat[];
  readonly socket: MessageSocket | null;
  readonly body: ReadableStream<Uint8Array> | null;
}

async function connect(
  egress: Egress,
  url: string,
  options: { headers?: string; mustAgree?: boolean; signal?: AbortSignal; depth?: number } = {},
): Promise<Connected> {
  let socket: MessageSocket | null = null;
  let body: ReadableStream<Uint8Array> | null = null;
  const context: EgressContext = {
    account: "a",
    depth: options.depth ?? 0,
    signal: options.signal ?? new AbortController().signal,
    limits: { socketMessageBytes: 1_000, egressResponseBytes: 1_000_000 },
    openStream: (source) => ((body = source), 2),
    openSocket: (wire) => ((socket = wire), 4),
    readBody: () => null,
  };
  const reply = await egress.connect([url, options.headers ?? "", options.mustAgree ?? false], context);
  return { reply, socket, body };
}

/** Begins a connection, and remembers what comes. */
function listen(socket: MessageSocket): { readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const handler: SocketHandler = {
    message: (data) => seen.push(typeof data === "string" ? data : data.length),
    part: (isText, isLast, bytes) => seen.push([isText, isLast, bytes.length]),
    sent: () => {},
    closed: (...how) => seen.push(how),
  };
  socket.start(handler);
  socket.grant(1_000_000);
  return { seen };
}

test("connect makes a WebSocket, with the headers and protocol that the worker asked for", async () => {
  await using server = await socketServer((socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await using egress = openEgress();
  const headers =
    "x-mine\n1\nsec-websocket-protocol\none, two\nupgrade\nwebsocket\nsec-websocket-key\nmine\nhost\nevil";
  const { reply, socket } = await connect(egress, `${server.url}/chat?a=b`, {
    headers,
    mustAgree: true,
    depth: 3,
  });
  assert.equal([reply[0], reply[3], reply[4]], [101, BodyKind.socket, 4]);
  assert.match(reply[2] as string, "sec-websocket-protocol\none");
  const [request] = server.requests;
  assert.is(request?.url, "/chat?a=b");
  assert.is(request?.headers["x-mine"], "1");
  assert.is(request?.headers["skerry-depth"], "4");
  assert.is(`ws://${request?.headers.host}`, server.url);
  assert.not(request?.headers["accept-encoding"]);
  const { seen } = listen(socket!);
  socket!.send("hello");
  socket!.send(new Uint8Array(7));
  socket!.sendPart(true, false, new TextEncoder().encode("in "));
  socket!.sendPart(true, true, new TextEncoder().encode("parts"));
  await eventually(() => seen.length === 3, "three messages");
  assert.equal(seen, ["hello", 7, "in parts"]);
  socket!.close(4_000, "done");
  await eventually(() => seen.length === 4, "the end");
  assert.equal(seen[3], [4_000, "done", true]);
});

test("connect gives the answer of a server that will have no WebSocket", async () => {
  await using server = await socketServer(() => {});
  await using egress = openEgress();
  const { reply, socket, body } = await connect(egress, `${server.url}/other`);
  assert.is(socket, null);
  assert.ok([400, 403].includes(reply[0] as number));
  await new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>).text();
});

test("connect sends the user of the URL as credentials", async () => {
  await using server = await socketServer(() => {});
  await using egress = openEgress();
  await connect(egress, `${server.url.replace("//", "//us%20er:pass@")}/chat`);
  assert.is(server.requests[0]?.headers.authorization, `Basic ${btoa("us er:pass")}`);
});

test("connect holds to the rules of fetch: addresses, ports, schemes, loops, headers", async () => {
  await using server = await socketServer(() => {});
  await using strict = openEgress({ allowAddresses: [] });
  assert.match(await failure(connect(strict, `${server.url}/chat`)), "cannot be reached");
  await using egress = openEgress();
  assert.match(await failure(connect(egress, "ws://127.0.0.1:22/")), "port 22");
  assert.match(await failure(connect(egress, "ftp://127.0.0.1/")), "ftp:");
  assert.match(await failure(connect(egress, "nonsense")), "no URL");
  assert.match(await failure(connect(egress, `${server.url}/chat`, { depth: 16 })), "loop");
  assert.match(await failure(connect(egress, `${server.url}/chat`, { headers: "a b\nc" })), "malformed");
  assert.match(await failure(egress.connect([1, "", false], {} as EgressContext)), "TypeError");
});

test("connect refuses servers that do not keep to the handshake", async () => {
  const answers: Record<string, string> = {
    "wrong Accept": "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: nonsense\r\n",
    "no Accept": "upgrade: websocket\r\nconnection: upgrade\r\n",
    "another protocol": "upgrade: h2c\r\nconnection: upgrade\r\n",
  };
  for (const [name, headers] of Object.entries(answers)) {
    await using origin = await rawOrigin((socket) => {
      socket.once("data", () => socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\n`));
    });
    await using egress = openEgress();
    assert.match(await failure(connect(egress, origin.url)), "Cannot connect", name);
    await eventually(() => origin.sockets.size === 0, `${name}: the connection is closed`);
  }
  await using server = await socketServer(() => {});
  await using egress = openEgress();
  // The server has no protocols of its own: it picks the first that is offered, and none where none is.
  assert.match(
    await failure(connect(egress, `${server.url}/chat`, { mustAgree: true })),
    "none of the protocols",
  );
});

test("connect ends with its signal, in time, and with the egress", async () => {
  await using silent = await rawOrigin((socket) => void socket.resume());
  await using hasty = openEgress({ headersTimeoutMs: 200 });
  assert.match(await failure(connect(hasty, silent.url)), "did not answer in time");
  await using egress = openEgress();
  const controller = new AbortController();
  const aborted = failure(connect(egress, silent.url, { signal: controller.signal }));
  setTimeout(() => controller.abort(new Error("withdrawn")), 20);
  assert.match(await aborted, "withdrawn");
  await eventually(() => silent.sockets.size === 0, "the connections are closed");
  await using server = await socketServer(() => {});
  const other = openEgress();
  const { socket } = await connect(other, `${server.url}/chat`);
  const { seen } = listen(socket!);
  await other.close();
  await eventually(() => seen.length === 1, "the end");
  assert.equal(seen, [[1006, "", false]]);
});

test("connect bounds the messages of the server, and reads no faster than it is granted", async () => {
  let buffered = (): number => 0;
  await using server = await socketServer((socket) => {
    buffered = () => socket.bufferedAmount;
    for (let i = 0; i < 20_000; i++) socket.send(Buffer.alloc(900));
    socket.send(Buffer.alloc(1_001));
  });
  await using egress = openEgress();
  const { socket } = await connect(egress, `${server.url}/chat`);
  const seen: unknown[] = [];
  socket!.start({ message: () => seen.push(0), part() {}, sent() {}, closed: (code) => seen.push(code) });
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.is(seen.length, 0);
  socket!.grant(11_000);
  await eventually(() => seen.length >= 10, "ten messages");
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.is(seen.length, 10);
  await eventually(() => buffered() > 1_000_000, "the server waits");
  socket!.grant(1e9);
  await eventually(() => seen.at(-1) === 1006, "the end");
  assert.is(seen.length, 20_001);
});

test.run();
