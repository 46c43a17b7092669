import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type EventRecord, type WorkerUpload } from "../../../src/index.ts";
import { WIDE_LIMITS } from "../../limits/wide-limits.ts";

const CELL = (process.env["SKERRY_TEST_CELL"] ?? "in-process") as "in-process" | "process";

function upload(name: string, content: string, services: WorkerUpload["services"] = []): WorkerUpload {
  return { name, main: "i.js", modules: [{ name: "i.js", type: "esm", content }], services };
}

const BACK = `export default { fetch(request, env, ctx) {
  if (new URL(request.url).pathname === "/no") return new Response("no sockets here", { status: 403 });
  if (request.headers.get("upgrade") !== "websocket") return new Response("plain");
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.send("hello " + request.headers.get("x-a") + " " + new URL(request.url).pathname);
  server.addEventListener("message", ({ data }) => {
    if (data === "bye") return server.close(4000, "as you wish");
    server.send(typeof data === "string" ? "echo " + (data.length > 100 ? data.length : data) : data);
  });
  server.addEventListener("close", ({ code, reason }) => console.log("closed", code, reason));
  return new Response(null, { status: 101, webSocket: client, headers: { "x-b": "c" } });
} }`;
const FRONT = `const UPGRADE = { upgrade: "websocket", "x-a": "b" };
export default { async fetch(request, env) {
  const { pathname } = new URL(request.url);
  if (pathname === "/pass") return env.BACK.fetch(request);
  if (pathname === "/no") {
    const refused = await env.BACK.fetch("http://back/no", { headers: UPGRADE });
    return Response.json([refused.status, refused.webSocket, await refused.text()]);
  }
  const response = await env.BACK.fetch("http://back/chat", { headers: UPGRADE });
  const socket = response.webSocket;
  const told = [response.status, response.headers.get("x-b")];
  const closed = new Promise((resolve) => socket.addEventListener("close", ({ code, reason, wasClean }) => resolve([code, reason, wasClean])));
  socket.addEventListener("message", ({ data }) => {
    told.push(typeof data === "string" ? data : [...new Uint8Array(data)].join());
    if (told.length === 6) socket.send("bye");
  });
  socket.binaryType = "arraybuffer";
  socket.accept();
  socket.send("one"); socket.send(new Uint8Array([1, 2])); socket.send("x".repeat(300_000));
  told.push(await closed);
  return Response.json(told);
} }`;

test("a WebSocket through a service binding carries text, bytes, long messages and the close, both ways", async () => {
  const events: EventRecord[] = [];
  const logs: string[] = [];
  await using host = await createHost({
    limits: WIDE_LIMITS,
    cell: CELL,
    onEvent: (event) => void events.push(event),
    onLog: ({ text }) => void logs.push(text),
  });
  await host.deploy(upload("back", BACK));
  const front = await host.deploy(upload("front", FRONT, [{ binding: "BACK", service: "back" }]));
  assert.equal(await (await front.fetch("http://front/")).json(), [
    101,
    "c",
    "hello b /chat",
    "echo one",
    "1,2",
    "echo 300000",
    [4000, "as you wish", true],
  ]);
  assert.equal(await (await front.fetch("http://front/no")).json(), [403, null, "no sockets here"]);
  for (let i = 0; i < 6_000 && events.filter(({ worker }) => worker === "back").length < 2; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(events.map(({ worker, outcome }) => `${worker} ${outcome}`).toSorted(), [
    "back ok",
    "back ok",
    "front ok",
    "front ok",
  ]);
  assert.ok(logs.includes("closed 4000 as you wish"), logs.join());
});

test("a client's WebSocket goes through a worker to another one, and ends with either of them", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS, cell: CELL });
  await host.deploy(upload("back", BACK));
  const services = [{ binding: "BACK", service: "back" }];
  await host.deploy({ ...upload("front", FRONT, services), routes: ["*/*"] });
  const { port } = await host.listen({ port: 0 });
  const open = (): { told: string[]; socket: WebSocket; closed: Promise<CloseEvent> } => {
    const told: string[] = [];
    const socket = new WebSocket(`ws://127.0.0.1:${port}/pass`);
    socket.addEventListener("message", ({ data }) => void told.push(String(data)));
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
    return { told, socket, closed };
  };
  const first = open();
  await new Promise((resolve) => first.socket.addEventListener("open", resolve));
  first.socket.send("hi");
  first.socket.send("bye");
  assert.is((await first.closed).code, 4000);
  assert.equal(first.told, ["hello null /pass", "echo hi"]);
  const second = open();
  await new Promise((resolve) => second.socket.addEventListener("message", resolve, { once: true }));
  await host.deploy(upload("back", BACK.replace("hello", "welcome")));
  assert.is((await second.closed).code, 1012);
});

test.run();
