import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SubtestResult, UnitResult } from "./runtimes/runtime.ts";
import { attainable, passedBy, shareOf, without } from "./share.ts";

function unit(...results: (readonly [string, number])[]): UnitResult {
  return { ended: "ok", results: results.map(([name, status]): SubtestResult => [name, status, ""]) };
}

test("attainable is what one of the runtimes passes, by file", () => {
  const goals = attainable([
    { x: unit(["a", 0], ["b", 1]) },
    { x: unit(["b", 0], ["c", 2]), y: unit(["a", 1]) },
  ]);
  assert.equal(goals.get("x"), new Set(["a", "b"]));
  assert.equal(goals.get("y"), new Set());
});

test("shareOf is the mean over files with something to attain, a missing file counting as failed", () => {
  const goals = attainable([{ x: unit(["a", 0], ["b", 0]), y: unit(["a", 0]), z: unit(["a", 1]) }]);
  assert.is(shareOf({ x: unit(["a", 0], ["b", 1], ["other", 0]), y: unit(["a", 0]) }, goals), 0.75);
  assert.is(shareOf({ x: unit(["a", 0], ["b", 0]) }, goals), 0.5);
});

test("without leaves out what is removed on purpose, of a unit or whole units", () => {
  const goals = attainable([{ x: unit(["a", 0], ["b", 0]), y: unit(["a", 0]) }]);
  const kept = without(
    goals,
    new Map<string, Set<string> | "all">([
      ["x", new Set(["b"])],
      ["y", "all"],
    ]),
  );
  assert.is(shareOf({ x: unit(["a", 0], ["b", 1]) }, kept), 1);
});

test("subtests that are named after their global object are the same in all runtimes", () => {
  const goals = attainable([{ x: unit(["waits in a Window", 0]) }, { x: unit(["waits in a Object", 0]) }]);
  assert.equal(goals.get("x"), new Set(["waits in a global scope"]));
  assert.is(shareOf({ x: unit(["waits in a ServiceWorkerGlobalScope", 0]) }, goals), 1);
  const removed = new Map([["x", new Set(["waits in a ServiceWorkerGlobalScope"])]]);
  assert.equal(without(goals, removed).get("x"), new Set());
});

test("a name that passes once and fails once does not pass", () => {
  assert.is(passedBy({ x: unit(["a", 0], ["a", 1], ["b", 0]) }), 1);
});

test.run();
