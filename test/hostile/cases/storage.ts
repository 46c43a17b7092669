import type { HostileCase } from "../hostile-case.ts";

/** What each account of the suite may store, in bytes: some sixty values of 64 KiB. */
export const QUOTA_BYTES: number = 4 * 1024 ** 2;

const TRIED = `
const tried = async (run) => { try { await run(); return "ok"; } catch (error) { return error.message; } };
const isFull = (said) => /^KV PUT failed: 413 account "hostile-[^"]+" stores \\d+ bytes of the ${QUOTA_BYTES} that it may/.test(said);
`;
const LIMITS = { subrequests: 10_000 } as const;

/** G. Abuse of storage: what an account stores is bounded, and what it has it can use and delete. */
export const STORAGE: readonly HostileCase[] = [
  {
    number: 127,
    name: "values until there is no room",
    ends: ["OK"],
    rare: true,
    limits: LIMITS,
    top: TRIED,
    body: `const value = new Uint8Array(64 * 1024); let n = 0, said;
      while ((said = await tried(() => env.KV.put("v" + n, value))) === "ok" && n < 1_000) n++;
      const steps = [isFull(said), n > 50 && n < 64, await env.KV.get("v" + n) === null];
      steps.push(await tried(() => env.KV.put("v0", value)) === "ok");
      steps.push(isFull(await tried(() => env.KV.put("v0", new Uint8Array(200 * 1024)))));
      steps.push((await env.KV.get("v0", "arrayBuffer")).byteLength === value.length);
      await env.KV.delete("v1");
      steps.push(await tried(() => env.KV.put("w", value)) === "ok", isFull(await tried(() => env.KV.put("x", value))));
      steps.push((await env.KV.list()).keys.length === n);
      return new Response(steps.every(Boolean) ? "ok" : steps.join() + said);`,
  },
  {
    number: 127,
    name: "keys and metadata until there is no room, in many writes at once",
    ends: ["OK"],
    rare: true,
    limits: LIMITS,
    top: TRIED,
    body: `const metadata = "m".repeat(1_000); let ok = 0, full = 0;
      for (let round = 0; round < 15; round++) {
        const all = await Promise.all(Array.from({ length: 100 }, (_, i) =>
          tried(() => env.KV.put(("k" + round + "-" + i).padEnd(512, "x"), "", { metadata }))));
        ok += all.filter((said) => said === "ok").length;
        full += all.filter(isFull).length;
      }
      return new Response(ok + full === 1_500 && ok * 1_536 <= ${QUOTA_BYTES} && ok > 500 ? "ok" : ok + " " + full);`,
  },
  {
    number: 127,
    name: "writers that come together to overshoot",
    ends: ["OK"],
    rare: true,
    limits: LIMITS,
    top: TRIED,
    times: 4,
    body: `const value = new Uint8Array(60_000);
      const name = crypto.randomUUID();
      const all = await Promise.all(Array.from({ length: 40 }, (_, i) => tried(() => env.KV.put(name + i, value))));
      const keys = (await env.KV.list()).keys.length;
      return new Response(all.every((said) => said === "ok" || isFull(said)) && keys * value.length <= ${QUOTA_BYTES} ? "ok" : all.join() + keys);`,
  },
  {
    number: 127,
    name: "a large value that is replaced again and again at the quota",
    ends: ["OK"],
    rare: true,
    limits: LIMITS,
    top: TRIED,
    body: `const value = new Uint8Array(3_500_000); const steps = [];
      for (let i = 0; i < 10; i++) steps.push(await tried(() => env.KV.put("big", value)));
      steps.push(isFull(await tried(() => env.KV.put("other", value))) ? "ok" : "not full");
      await env.KV.delete("big");
      steps.push(await tried(() => env.KV.put("other", value)));
      return new Response(steps.every((said) => said === "ok") ? "ok" : steps.join());`,
  },
  {
    number: 127,
    name: "values that expire soon, as if they were none",
    ends: ["OK"],
    rare: true,
    limits: LIMITS,
    top: TRIED,
    body: `const value = new Uint8Array(200_000); let said;
      for (let n = 0; n < 100 && (said = await tried(() => env.KV.put("e" + n, value, { expirationTtl: 60 }))) === "ok"; n++);
      return new Response(isFull(said) ? "ok" : said);`,
  },
  {
    number: 127,
    name: "a stream that is more than the account may store",
    ends: ["OK"],
    rare: true,
    limits: LIMITS,
    top: TRIED,
    body: `let sent = 0; const piece = new Uint8Array(64 * 1024);
      const stream = new ReadableStream({ pull(controller) { if (sent++ < 80) controller.enqueue(piece.slice()); else controller.close(); } });
      const said = await tried(() => env.KV.put("s", stream));
      return new Response(isFull(said) && (await env.KV.list()).keys.length === 0 ? "ok" : said);`,
  },
];
