import { test } from "uvu";
import * as assert from "uvu/assert";
import { Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import type { Cell, CellDeath, CellListener, DeathReason, LoadResult } from "../../src/cell/cell.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import type { Version } from "../../src/versions/version.ts";
import { DEFAULT_WARM_OPTIONS } from "../../src/warm/options.ts";
import { type WarmEvents, WarmPool } from "../../src/warm/warm-pool.ts";
import { silentCell } from "./silent-cell.ts";
import { silentSink } from "./silent-sink.ts";

/**
 * A pool over a cell that only notes what is asked of it.
 * @param onLoad how a load ends, where it does so otherwise than in a silent cell
 */
function rig(
  events: WarmEvents = {},
  onLoad: (isolate: number) => Promise<LoadResult> | undefined = () => undefined,
): {
  pool: WarmPool;
  listener: () => CellListener;
  disposed: number[];
} {
  const disposed: number[] = [];
  let listener: CellListener | undefined;
  const quiet = silentCell();
  const cell: Cell = {
    ...quiet,
    load: async (order) => await (onLoad(order.isolate) ?? quiet.load(order)),
    dispose: (isolate) => void disposed.push(isolate),
  };
  const pool = new WarmPool(
    { ...DEFAULT_WARM_OPTIONS, maxPerVersion: 1, cores: 1 },
    systemClock,
    {
      kind: "process",
      count: 1,
      maxOwn: 1,
      aloneAs: () => null,
      create: (_, given) => ((listener = given), cell),
    },
    events,
  );
  return { pool, listener: () => listener!, disposed };
}

const VERSION = {
  account: "a",
  worker: "w",
  id: "version-1",
  limits: DEFAULT_LIMITS,
  configJson: "{}",
  bindings: [],
  code: async () => ({ script: "", codeCache: undefined, values: [] }),
} as unknown as Version;

test("WarmPool tells the CPU of a start, not the time that it took", async () => {
  const spent: number[] = [];
  const phases = { claimMs: 0, compileMs: 300, evaluateMs: 400, cpuMs: 7, spare: true };
  const { pool } = rig({ spent: (_, cpuMs) => spent.push(cpuMs) }, async () => ({
    ok: true,
    handlers: ["fetch"],
    phases,
    codeCache: "none",
  }));
  await pool.acquire(VERSION);
  assert.equal(spent, [7]);
  await pool.close();
});

test("WarmPool charges who lost its starts with a cell that others ended nothing for them", async () => {
  const spent: number[] = [];
  let starts = 0;
  const lost = async (): Promise<LoadResult> => {
    // Some time goes by, whoever uses it.
    await new Promise((resolve) => setTimeout(resolve, 2));
    return { ok: false, reason: "isolateLost", error: { name: "Error", message: "", stack: "" } };
  };
  const { pool } = rig({ spent: (_, cpuMs) => spent.push(cpuMs) }, () => (++starts > 2 ? undefined : lost()));
  const version = { ...VERSION, mapError: async (error: unknown) => error } as Version;
  await pool.acquire(version);
  assert.equal(spent, [0, 0, 0]);
  await pool.close();
});

test("WarmPool tells a cell that an isolate does not come whose code cannot be read", async () => {
  const { pool, disposed } = rig();
  const code = async (): Promise<never> => await Promise.reject(new Error("gone"));
  const failure: unknown = await pool
    .acquire({ ...VERSION, code } as Version)
    .catch((error: unknown) => error);
  assert.is((failure as Error).message, "gone");
  assert.equal(disposed, [1]);
  await pool.close();
});

test("WarmPool blames who was lost in the moment in which it was loaded, and goes on in its thread", async () => {
  const seen: unknown[] = [];
  const { pool, listener } = rig(
    {
      blamed: ({ verdict, reason, versionId }) => seen.push(verdict, reason, versionId),
      catastrophic: (_, version) => seen.push(version?.id),
    },
    (isolate) => {
      if (isolate > 1) return;
      listener().catastrophic(report);
      listener().lost(isolate, { cause: "exceededCpu", event: 1, started: [1], message: "" });
    },
  );
  const report = { reason: "unstoppable", isolate: 1, versionKey: "version-1", message: "" } as const;
  await pool.acquire(VERSION);
  assert.equal(seen.splice(0), ["version-1"]);
  listener().catastrophic(report);
  const suspects = [{ isolate: 1, versionKey: "version-1", event: 1, ranMs: 200 }];
  listener().died({
    reason: "unstoppable",
    message: "",
    pid: 1,
    upMs: 1,
    rssBytes: 0,
    suspects,
    culprit: 1,
  });
  assert.equal(seen, ["version-1", "culprit", "unstoppable", "version-1"]);
  assert.is(pool.stats().lost, 1);
  await pool.close();
});

test("WarmPool blames the worker that ran when its cell died, before isolates are lost", async () => {
  const seen: unknown[] = [];
  const { pool, listener } = rig({
    blamed: ({ reason, verdict, versionId, ranMs }) =>
      seen.push(reason, verdict, versionId, ranMs, pool.stats().isolates),
  });
  const { isolate } = await pool.acquire(VERSION);
  const suspect = { isolate: isolate.id, versionKey: "version-1", event: 1, ranMs: 5 };
  const death: CellDeath = {
    reason: "crashed",
    message: "",
    pid: 1,
    upMs: 1,
    rssBytes: 0,
    suspects: [suspect, { ...suspect, isolate: 999 }],
    culprit: null,
  };
  listener().died(death);
  listener().lost(isolate.id, { cause: "cellLost", event: 1, started: [1], message: "" });
  assert.equal(seen, ["crashed", "culprit", "version-1", 5, 1]);
  assert.is(pool.stats().isolates, 0);
  await pool.close();
});

test("WarmPool hands out no isolate that was lost in the moment in which it was loaded", async () => {
  const lost: number[] = [];
  const { pool, listener } = rig({}, (isolate) => {
    if (isolate > 1) return;
    lost.push(isolate);
    // Both frames came in one piece: whoever loads has not heard of the first.
    listener().lost(isolate, { cause: "exceededMemory", event: -1, started: [], message: "" });
  });
  const { isolate } = await pool.acquire(VERSION);
  assert.equal([lost, isolate.id, isolate.state], [[1], 2, "warm"]);
  assert.is(pool.stats().isolates, 1);
  await pool.close();
});

test("WarmPool hands out no place that comes free in an isolate while the last that it said is handled", async () => {
  const { pool, listener } = rig();
  const version = { ...VERSION, limits: { ...DEFAULT_LIMITS, isolateConcurrency: 1 } };
  const { isolate: first } = await pool.acquire(version);
  let heard = 0;
  const message = (): void => {
    for (const untilMs = performance.now() + 2; performance.now() < untilMs;);
    if (++heard === 10) pool.release(first);
  };
  first.open(silentSink({ message }));
  const next = pool.acquire(version);
  const records = Array.from({ length: 10 }, (): OutMessage => ({ type: Out.close, event: 1, stream: 1 }));
  listener().messages(first.id, records, []);
  assert.ok(heard < 10, `${heard} at one go`);
  listener().lost(first.id, { cause: "exceededMemory", event: -1, started: [], message: "" });
  assert.is(heard, 10);
  const { isolate } = await next;
  assert.equal([isolate.id, isolate.state], [2, "warm"]);
  await pool.close();
});

test("WarmPool starts another isolate in the place of one for which something is lost, once its events are over", async () => {
  const { pool, disposed } = rig();
  const { isolate: first } = await pool.acquire(VERSION);
  first.goStale();
  const { isolate: second } = await pool.acquire(VERSION);
  assert.is.not(second, first);
  assert.equal(disposed, []);
  pool.release(first);
  assert.equal(disposed, [first.id]);
  first.goStale();
  pool.release(second);
  second.goStale();
  assert.equal(disposed, [first.id, second.id]);
  await pool.close();
});

const LOSSES: readonly (readonly [reason: DeathReason, culprit: boolean, marked: string, other: string])[] = [
  ["memory", true, "exceededMemory null", "isolateLost null"],
  ["silent", true, "exceededCpu null", "isolateLost null"],
  ["crashed", true, "isolateLost null", "isolateLost null"],
  ["crashed", false, "isolateLost retry", "isolateLost retry"],
  ["killed", true, "isolateLost retry", "isolateLost retry"],
];

for (const [reason, culprit, ...expected] of LOSSES) {
  test(`WarmPool ends the events of ${culprit ? "a suspected" : "another"} worker as ${expected.join(" and ")} (${reason})`, async () => {
    const { pool, listener } = rig();
    const { isolate } = await pool.acquire(VERSION);
    const { isolate: other } = await pool.acquire({ ...VERSION, worker: "x", id: "version-2" });
    const ends: string[] = [];
    const open = (): number =>
      isolate.open(silentSink({ lost: ({ outcome, again }) => void ends.push(`${outcome} ${again}`) }));
    const [marked, started, fresh] = [open(), open(), open()];
    const did = culprit ? isolate.id : other.id;
    const suspects = [{ isolate: did, versionKey: "", event: marked, ranMs: 5 }];
    listener().died({ reason, message: "", pid: 1, upMs: 1, rssBytes: 0, suspects, culprit: did });
    const event = culprit ? marked : -1;
    listener().lost(isolate.id, { cause: "cellLost", event, started: [marked, started], message: "" });
    assert.is(fresh, 3);
    assert.equal(ends.slice(0, 2), expected);
    assert.match(ends[2]!, " restart");
    await pool.close();
  });
}

test.run();
