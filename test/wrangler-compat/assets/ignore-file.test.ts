import { test } from "uvu";
import * as assert from "uvu/assert";
import { IgnoreFile } from "../../../wrangler-compat/assets/ignore-file.ts";

// Paths with a slash at the end are folders. What git leaves out of the same list is what is expected here.
const CASES: readonly (readonly [rules: string, left: readonly string[], stays: readonly string[]])[] = [
  ["*.map", ["a.map", "x/y.map", ".map"], ["a.map.js", "map"]],
  ["/a.txt", ["a.txt"], ["x/a.txt"]],
  ["x/a.txt", ["x/a.txt"], ["y/x/a.txt"]],
  ["build/", ["build/", "x/build/"], ["build", "x/build"]],
  ["**/temp", ["temp", "a/temp", "a/b/temp/"], ["temporary"]],
  ["a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["z", "b/a/z"]],
  ["a/**", ["a/b", "a/b/c"], ["a/", "b/a"]],
  ["a/*", ["a/b"], ["a/b/c"]],
  ["?.txt", ["a.txt"], ["ab.txt", "/.txt"]],
  ["[a-c]x", ["ax", "d/bx"], ["dx", "-x"]],
  ["[!a]x", ["bx"], ["ax", "/x"]],
  ["*.log\n!keep.log", ["a.log"], ["keep.log", "x/keep.log"]],
  ["!a\na", ["a"], ["b"]],
  ["# comment\n\n  \n\\#a\n\\!b", ["#a", "!b"], ["a", "b", "# comment"]],
  ["a \nb\\ ", ["a", "b "], ["a ", "b"]],
  ["a.b+c(d)$", ["a.b+c(d)$"], ["aXb+c(d)$"]],
  ["ü*", ["über"], ["uber"]],
];

test("IgnoreFile leaves out what lines of a gitignore name", () => {
  for (const [rules, left, stays] of CASES) {
    const file = new IgnoreFile(rules);
    const ignores = (path: string): boolean => file.ignores(path.replace(/\/$/, ""), path.endsWith("/"));
    for (const path of left) assert.ok(ignores(path), `${JSON.stringify(rules)} leaves out ${path}`);
    for (const path of stays) assert.not.ok(ignores(path), `${JSON.stringify(rules)} keeps ${path}`);
  }
});

test.run();
