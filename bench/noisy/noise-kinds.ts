import type { Limits } from "../../src/index.ts";

/** How the client of the noise behaves. */
export type NoiseClient =
  /** So many connections, each with one request at a time, as fast as they are answered. */
  | { readonly type: "requests"; readonly connections: number; readonly bodyBytes?: number }
  /** So many WebSockets, each with messages under way all the time. */
  | { readonly type: "sockets"; readonly connections: number; readonly messageBytes: number }
  /** Deploys new versions and asks each once, so many at a time. */
  | { readonly type: "deploys"; readonly atOnce: number };

/** One kind of noise that an account makes. */
export interface NoiseKind {
  readonly name: string;
  readonly what: string;
  readonly source: string;
  readonly client: NoiseClient;
  readonly limits?: Partial<Limits>;
}

function handler(body: string): string {
  return `export default { async fetch(request, env, ctx) { ${body} return new Response("noise"); } };`;
}

const EIGHT: NoiseClient = { type: "requests", connections: 8 };

/** Ten ways in which one account may disturb another. */
export const NOISE_KINDS: readonly NoiseKind[] = [
  {
    name: "CPU",
    what: "8 requests at once that compute until they are stopped",
    source: handler("for (;;);"),
    client: EIGHT,
  },
  {
    name: "memory",
    what: "4 requests at once that allocate until they are stopped",
    source: handler("const all = []; for (;;) all.push(new Array(100).fill({ all }));"),
    client: { type: "requests", connections: 4 },
    limits: { cpuMs: 1_000, memoryMb: 64 },
  },
  {
    name: "requests",
    what: "a flood of requests on 64 connections",
    source: handler(""),
    client: { type: "requests", connections: 64 },
  },
  {
    name: "logs",
    what: "8 requests at once that log 10,000 lines each",
    source: handler(`for (let i = 0; i < 10_000; i++) console.log("a line of noise", i, { i });`),
    client: EIGHT,
  },
  {
    name: "timers",
    what: "8 requests at once with 1,000 timers each that arm themselves again",
    source: handler(
      `let left = 20_000; await new Promise((done) => { const again = () => (left-- > 0 ? setTimeout(again, 0) : done()); for (let i = 0; i < 1_000; i++) again(); });`,
    ),
    client: EIGHT,
  },
  {
    name: "fetches",
    what: "8 requests at once that fetch 200 times each",
    source: handler(
      "await Promise.all(Array.from({ length: 200 }, async () => await (await fetch(env.ORIGIN)).text()));",
    ),
    client: EIGHT,
    limits: { subrequests: 1_000 },
  },
  {
    name: "KV calls",
    what: "8 requests at once with 500 writes and reads each",
    source: handler(
      `await Promise.all(Array.from({ length: 250 }, async (_, i) => { await env.KV.put("k" + i, "v".repeat(100)); await env.KV.get("k" + i); }));`,
    ),
    client: EIGHT,
    limits: { subrequests: 1_000 },
  },
  {
    name: "WebSocket frames",
    what: "16 WebSockets with 32 messages of 1 KB under way each, echoed",
    source: `export default { fetch() { const { 0: client, 1: server } = new WebSocketPair(); server.accept(); server.addEventListener("message", ({ data }) => server.send(data)); return new Response(null, { status: 101, webSocket: client }); } };`,
    client: { type: "sockets", connections: 16, messageBytes: 1_024 },
  },
  {
    name: "big bodies",
    what: "4 bodies of 8 MB at once, echoed",
    source: `export default { fetch(request) { return new Response(request.body); } };`,
    client: { type: "requests", connections: 4, bodyBytes: 8 * 1024 * 1024 },
  },
  {
    name: "deploys",
    what: "a storm of new versions, 2 at a time, each asked once",
    source: handler(""),
    client: { type: "deploys", atOnce: 2 },
  },
];
