import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Cell, CellDeath, CellListener } from "../../src/cell/cell.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import type { Version } from "../../src/versions/version.ts";
import { DEFAULT_WARM_OPTIONS } from "../../src/warm/options.ts";
import { WarmPool } from "../../src/warm/warm-pool.ts";

test("WarmPool blames the worker that ran when its cell died, before isolates are lost", async () => {
  const seen: unknown[] = [];
  let listener: CellListener | undefined;
  const cell = {
    kind: "process",
    pid: 1,
    ready: async () => {},
    putCode: () => {},
    dropCode: () => {},
    load: async () => ({
      ok: true,
      handlers: ["fetch"],
      phases: { claimMs: 0, compileMs: 0, evaluateMs: 0, spare: true },
      codeCache: "none",
    }),
    deliver: () => {},
    dispose: () => {},
    makeCodeCache: async () => null,
    stats: async () => ({ rssBytes: 0, spares: 0, isolates: [] }),
    close: async () => {},
  } as Cell;
  const pool = new WarmPool(
    { ...DEFAULT_WARM_OPTIONS, maxPerVersion: 1, cores: 1 },
    systemClock,
    {
      kind: "process",
      count: 1,
      maxOwn: 1,
      runsAlone: () => false,
      create: (_, given) => ((listener = given), cell),
    },
    {
      blamed: ({ reason, verdict, versionId, ranMs }) =>
        seen.push(reason, verdict, versionId, ranMs, pool.stats().isolates),
    },
  );
  const version = {
    account: "a",
    worker: "w",
    id: "version-1",
    limits: DEFAULT_LIMITS,
    configJson: "{}",
    bindings: [],
    code: async () => ({ script: "", codeCache: undefined, values: [] }),
  } as unknown as Version;
  const { isolate } = await pool.acquire(version);
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
  listener?.died(death);
  listener?.lost(isolate.id, { cause: "cellLost", event: 1, started: [1], message: "" });
  assert.equal(seen, ["crashed", "culprit", "version-1", 5, 1]);
  assert.is(pool.stats().isolates, 0);
  await pool.close();
});

test.run();
