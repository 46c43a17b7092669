import * as assert from "uvu/assert";
import type { BlameReport, HostOptions, QuarantineEntry, Worker } from "../../src/index.ts";
import { type Fixture, makeHost, until } from "./fixture.ts";

/** `/bad` rejects with what spins wherever it is looked at, which no call stops; `/wait` takes long, by waiting. */
export const SOURCE: string = `export default { async fetch(request, env) {
  const { pathname } = new URL(request.url);
  if (pathname === "/bad") { Promise.reject(new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); } })); await 0; }
  if (pathname === "/wait") await new Promise((done) => setTimeout(done, 400));
  if (pathname === "/count") {
    await env.KV.put("runs", String(Number(await env.KV.get("runs")) + 1));
    await new Promise((done) => setTimeout(done, 600_000));
  }
  if (pathname === "/runs") return new Response(await env.KV.get("runs"));
  return new Response("well");
} };`;
export const kvNamespaces = [{ binding: "KV", id: "n" }];

export interface Rig extends Fixture {
  readonly blames: BlameReport[];
  readonly quarantines: QuarantineEntry[];
}

export async function makeRig(options: HostOptions = {}): Promise<Rig> {
  const blames: BlameReport[] = [];
  const quarantines: QuarantineEntry[] = [];
  const fixture = await makeHost({
    cell: "process",
    // A machine that is busy with other tests is slow to replace a cell: nothing is to be refused for that here.
    admission: { maxWaitMs: 0 },
    limits: { cpuMs: 400, wallMs: 900_000 },
    onBlame: (report) => blames.push(report),
    onQuarantine: (entry) => quarantines.push(entry),
    ...options,
  });
  return { ...fixture, blames, quarantines };
}

/** Requests that go on until they are told to stop. */
export interface Load {
  (): Promise<readonly string[]>;
  /** Waits until every request that is under way now is over. */
  readonly lap: () => Promise<void>;
}

/** Asks a worker again and again, until it is told to stop; gives every answer that was not 200. */
export function load(worker: Worker, path: string, init: RequestInit = {}): Load {
  const odd: string[] = [];
  const runners = 4;
  const asked = Array.from({ length: runners }, () => 0);
  let going = true;
  const run = async (_: unknown, runner: number): Promise<void> => {
    while (going) {
      const response = await worker.fetch(`http://load${path}`, init);
      const text = await response.text();
      asked[runner]!++;
      if (response.status !== 200)
        odd.push(`${response.status} ${response.headers.get("skerry-outcome")} ${text}`);
      // Refusals come at once: without a task between them nothing else would ever run.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const runs = Promise.all(Array.from({ length: runners }, run));
  const stop = async (): Promise<readonly string[]> => {
    going = false;
    await runs;
    assert.ok(Math.min(...asked) > 0, `${asked.join()} requests`);
    return odd;
  };
  const lap = async (): Promise<void> => {
    const before = [...asked];
    await until("all are answered", () => asked.every((count, i) => count > before[i]!));
  };
  return Object.assign(stop, { lap });
}

/** Has a worker end its cell, and waits until it is blamed. */
export async function strike(at: Rig, worker: Worker, path = "/bad"): Promise<void> {
  const before = at.blames.length;
  await (await worker.fetch(`http://w${path}?secret=1`)).text();
  await until("it is blamed", () => at.blames.length > before);
}
