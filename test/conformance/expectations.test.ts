import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compare, failingOnPurpose, NO_REASON, PURPOSES, readExpectations, renew } from "./expectations.ts";
import type { UnitResult } from "./runtimes/runtime.ts";
import { SUITES } from "./suites.ts";

const RESULT: UnitResult = {
  ended: "ok",
  results: [
    ["a", 0, ""],
    ["b", 1, "no"],
    ["c", 2, "late"],
  ],
};

test("compare tells what is worse and what is better than expected", () => {
  assert.equal(compare("x", RESULT, { failing: { why: ["b", "c"] } }), { id: "x", worse: [], better: [] });
  assert.equal(compare("x", RESULT, { failing: { why: ["a", "b"] } }), {
    id: "x",
    worse: ["c"],
    better: ["a"],
  });
  assert.equal(compare("x", { ended: "crash", results: [] }, undefined).worse, ["ended: crash"]);
  assert.equal(compare("x", { ended: "ok", results: [] }, { ended: "hangs" }).better, ["ended: hangs"]);
  const absent = { failing: { why: ["b", "c"] }, absent: { why: ["a", "elsewhere"] } };
  assert.equal(compare("x", RESULT, absent), { id: "x", worse: [], better: ["a"] });
});

test("renew keeps the reasons that are known and marks what has none", () => {
  assert.equal(renew(RESULT, { failing: { why: ["b", "gone"] } }), {
    failing: { why: ["b"], [NO_REASON]: ["c"] },
  });
  assert.is(renew({ ended: "ok", results: [["a", 0, ""]] }, { failing: { why: ["a"] } }), undefined);
  const absent = { why: ["elsewhere"] };
  assert.equal(renew({ ended: "ok", results: [] }, { absent }), { absent });
});

test("failingOnPurpose tells what is meant from shortcomings", () => {
  const expectations = {
    x: { failing: { "there is no shared memory here": ["a"], "not done": ["b"] } },
    y: { ended: "it makes growable buffers at its top level" },
    z: { failing: { "not done": ["a"] } },
    o: {
      failing: { "object URLs are there, though": ["member"] },
      absent: { "object URLs are there, though": ["operation"] },
    },
  };
  assert.equal(
    failingOnPurpose(expectations),
    new Map<string, unknown>([
      ["x", new Set(["a"])],
      ["y", "all"],
      ["o", new Set(["member", "operation"])],
    ]),
  );
});

test("every purpose has a committed expectation", () => {
  const all = SUITES.map(({ name }) => JSON.stringify(readExpectations(name))).join("\n");
  for (const { reason, words } of PURPOSES) assert.match(all, reason, words);
});

test("every committed expectation belongs to a suite and has a reason", () => {
  const names = new Set(SUITES.map(({ name }) => name));
  const files = readdirSync(join(import.meta.dirname, "expectations")).filter((name) =>
    name.endsWith(".json"),
  );
  for (const file of files) {
    const suite = file.replace(/\.json$/, "");
    assert.ok(names.has(suite), `${file} belongs to no suite`);
    assert.not.match(
      JSON.stringify(readExpectations(suite)),
      NO_REASON,
      `${file} has failures without a reason`,
    );
  }
});

test.run();
