import { test } from "uvu";
import * as assert from "uvu/assert";
import { looksLikeFrame, readFrame } from "../../src/versions/stack-frame.ts";

test("readFrame takes frames apart, with names or without", () => {
  const cases: [line: string, name: string | undefined, place: string][] = [
    ["    at f (a.js:1:2)", "f", "a.js:1:2"],
    ["at a.js:1:2", undefined, "a.js:1:2"],
    ["    at async a.js:1:2", undefined, "async a.js:1:2"],
    ["\tat async g (a.js:1:2)", "async g", "a.js:1:2"],
    ["    at new K [as x] (a.js:1:2)", "new K [as x]", "a.js:1:2"],
    ["    at f (x) (a.js:1:2)", "f (x)", "a.js:1:2"],
    ["    at eval (eval at h (a.js:1:2), <anonymous>:1:7)", "eval", "eval at h (a.js:1:2), <anonymous>:1:7"],
    ["    at (<boundary>)", undefined, "(<boundary>)"],
    ["    at f (a.js", undefined, "f (a.js"],
    ["    at f (eval at g (a.js", undefined, "f (eval at g (a.js"],
  ];
  for (const [line, name, place] of cases) assert.equal(readFrame(line), { name, place }, line);
});

test("readFrame takes no other line for a frame", () => {
  for (const line of ["", "at", "note at noon", "Error: at x", "at a\rb", "at a\u2028b"]) {
    assert.is(readFrame(line), undefined, line);
    assert.not(looksLikeFrame(line), line);
  }
  const long = "at " + " (".repeat(1_000);
  assert.is(readFrame(long), undefined);
  assert.ok(looksLikeFrame(long));
  assert.equal(readFrame(long.slice(0, 2_000)), { name: undefined, place: long.slice(3, 2_000) });
});

test.run();
