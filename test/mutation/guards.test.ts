import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { findFiles } from "../runner/find-files.ts";
import { GUARDS } from "./guards.ts";
import { guardsPage } from "./guards-page.ts";

test("every guard stands where the list says, once, and differs when it is off", () => {
  for (const { name, file, find, off } of GUARDS) {
    const parts = readFileSync(file, "utf8").split(find);
    assert.is(parts.length, 2, `${name}: its text stands ${parts.length - 1} times in ${file}`);
    assert.is.not(find, off, name);
  }
});

test("every guard has a name of its own, and words of which each finds test files", () => {
  assert.is(new Set(GUARDS.map(({ name }) => name)).size, GUARDS.length);
  for (const { name, tests } of GUARDS)
    for (const word of tests) assert.ok(findFiles([word]).length > 0, `${name}: no test file has "${word}"`);
});

test("docs/guards.md is what the list says", () => {
  const page = readFileSync("docs/guards.md", "utf8");
  assert.is(page, guardsPage(GUARDS), "npm run mutants -- --page writes it anew");
});

test.run();
