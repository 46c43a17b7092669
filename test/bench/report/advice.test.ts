import { test } from "uvu";
import * as assert from "uvu/assert";
import type { WorkerRecord } from "../../../bench/laboratory/records.ts";
import {
  adviceFor,
  hostsPart,
  type StartFigures,
  type StartsOfWorker,
} from "../../../bench/report/advice.ts";

const WORKER: WorkerRecord = {
  type: "worker",
  name: "shop",
  path: "/",
  hasCodeCache: true,
  codeBytes: 1_000,
  codeLines: 10,
  otherBytes: 0,
  moduleCount: 1,
  modules: [{ name: "index.js", type: "esm", bytes: 1_000 }],
  partCount: 1,
  parts: [{ name: "index.ts", bytes: 900 }],
  limits: { scriptBytes: 64 * 2 ** 20, memoryMb: 128, startupCpuMs: 400 },
};

/** Cold starts of so many microseconds, with what is known of their phases. */
function starts(wholeUs: number, phasesUs: Record<string, number>): StartFigures {
  return { wholeUs, phasesUs: { compile: 100, evaluate: 100, "first turn": 200, ...phasesUs } };
}

function advice(more: Partial<Omit<StartsOfWorker, "worker">>, worker: Partial<WorkerRecord> = {}): string {
  return adviceFor({
    worker: { ...WORKER, ...worker },
    servedBefore: starts(1_000, {}),
    neverServed: starts(1_100, {}),
    smallest: starts(900, {}),
    ...more,
  }).join("\n");
}

test("a worker like the smallest gets no advice, and is told the host's part", () => {
  assert.match(advice({}), "Nothing stands out");
  const servedBefore = starts(3_000, {});
  const part = hostsPart({ worker: WORKER, servedBefore, neverServed: null, smallest: starts(1_000, {}) });
  assert.match(
    part!,
    "3.00 ms. The smallest worker takes 1.00 ms: that is the host's part. 2.00 ms are the worker's own.",
  );
});

test("a code cache is told by what it spares, and its absence by why", () => {
  assert.match(
    advice({ neverServed: starts(5_000, { compile: 4_100 }) }),
    "spares 4.00 ms of 4.10 ms of compiling",
  );
  assert.match(advice({}, { hasCodeCache: false }), "It has no code cache");
});

test("a top level that runs long, and a slow first answer, are named with their times", () => {
  assert.match(
    advice({ servedBefore: starts(9_000, { evaluate: 8_000 }) }),
    "top level runs for 8.00 ms at every cold start",
  );
  assert.match(
    advice({ servedBefore: starts(9_000, { "first turn": 7_200 }) }),
    "first answer takes 7.00 ms more",
  );
});

test("large code is told by its packages, and as not minified where its lines are short", () => {
  const large = {
    codeBytes: 1_048_576,
    codeLines: 30_000,
    partCount: 40,
    parts: [
      { name: "package zod", bytes: 524_288 },
      { name: "src/index.ts", bytes: 10_240 },
    ],
  };
  const text = advice({}, large);
  assert.match(
    text,
    "Its code has 1.00 MB. Most of 40 files: package zod 512.0 KB (50 %), src/index.ts 10.0 KB (1 %).",
  );
  assert.match(text, `"minify": true`);
  assert.not.match(advice({}, { ...large, codeLines: 40 }), "minify");
});

test("modules that are no code, and limits that are near, are told", () => {
  const wasm = { name: "engine.wasm", type: "wasm", bytes: 20 * 2 ** 20 };
  const text = advice({}, { otherBytes: wasm.bytes, modules: [wasm, ...WORKER.modules] });
  assert.match(text, "no code have 20.00 MB (engine.wasm 20.00 MB)");
  assert.match(text, "of the 64.00 MB that scriptBytes allows");
  assert.match(
    advice({ neverServed: starts(200_000, { evaluate: 150_000 }) }),
    "150 ms of the 400 ms that startupCpuMs allows",
  );
});

test.run();
