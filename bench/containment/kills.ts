import { createHost, type Worker } from "../../src/index.ts";

/**
 * Kills a random cell every second and counts what the clients of workers in them see.
 *
 *     node --no-node-snapshot bench/containment/kills.ts [seconds]
 */
const SECONDS = Number(process.argv[2] ?? 60);
const SOURCE = `export default { async fetch(request, env) {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method === "POST") await env.KV.put(searchParams.get("id"), String(Number(await env.KV.get(searchParams.get("id"))) + 1));
  if (pathname === "/wait") await new Promise((done) => setTimeout(done, 50));
  if (pathname === "/runs") return new Response(await env.KV.get(searchParams.get("id")));
  return new Response(env.NAME);
} };`;
const CLIENTS = 4;
const KINDS = ["GET /", "GET /wait", "POST /"] as const;

const seen = new Map<string, Map<string, number>>();
let wrongTenant = 0;
let twice = 0;
let going = true;

async function client(worker: Worker, name: string, kind: (typeof KINDS)[number], n: number): Promise<void> {
  const [method, path] = kind.split(" ") as [string, string];
  const counts = seen.get(kind) ?? new Map<string, number>();
  seen.set(kind, counts);
  for (let i = 0; going; i++) {
    const id = `${name}-${n}-${i}`;
    const response = await worker.fetch(`http://w${path}?id=${id}`, { method });
    const text = await response.text();
    const what =
      response.status === 200 ? "200" : `${response.status} ${response.headers.get("skerry-outcome")}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
    if (response.status === 200 && text !== name) wrongTenant++;
    if (method === "POST" && response.status !== 200) {
      const runs = await (await worker.fetch(`http://w/runs?id=${id}`)).text();
      if (Number(runs) > 1) twice++;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const blames: string[] = [];
const host = await createHost({
  cell: "process",
  onBlame: ({ worker, verdict, reason }) => blames.push(`${worker} ${verdict} ${reason}`),
});
const clients: Promise<void>[] = [];
for (let i = 0; i < CLIENTS; i++) {
  const name = `tenant${i}`;
  const worker = await host.deploy({
    name,
    account: name,
    main: "index.js",
    modules: [{ name: "index.js", type: "esm", content: SOURCE }],
    vars: { NAME: name },
    kvNamespaces: [{ binding: "KV", id: "runs" }],
  });
  for (const kind of KINDS) clients.push(client(worker, name, kind, i));
}
let kills = 0;
for (; kills < SECONDS; kills++) {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const cells = (await host.stats()).cells.filter(({ pid }) => pid !== null);
  const { pid } = cells[Math.floor(Math.random() * cells.length)]!;
  try {
    process.kill(pid!, "SIGKILL");
  } catch {
    // It was being replaced.
  }
}
going = false;
await Promise.all(clients);
for (const [kind, counts] of seen) {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const ok = ((100 * (counts.get("200") ?? 0)) / all).toFixed(3);
  process.stdout.write(
    `${kind.padEnd(10)} ${all} requests, ${ok} % answered, ${JSON.stringify(Object.fromEntries(counts))}\n`,
  );
}
process.stdout.write(
  `${kills} kills; ${wrongTenant} answers of another tenant; ${twice} POSTs run twice; blamed: ${JSON.stringify(blames)}\n`,
);
await host.close(0);
