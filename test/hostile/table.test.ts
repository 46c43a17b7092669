import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DEPLOYS } from "./cases/deploys.ts";
import { ALL_CASES, hostilePage, numbersWithoutAWord } from "./table.ts";
import { TESTED_ELSEWHERE } from "./tested-elsewhere.ts";

test("every number of the list is run, tested elsewhere, or left out with a reason", () => {
  assert.equal(numbersWithoutAWord(), []);
});

test("what is tested elsewhere is tested there", () => {
  for (const { number, file, title } of TESTED_ELSEWHERE)
    assert.ok(readFileSync(file, "utf8").includes(title), `${number}: ${file} has no "${title}"`);
});

test("every case has a name of its own", () => {
  for (const cases of [ALL_CASES, DEPLOYS]) {
    const names = cases.map(({ name }) => name);
    assert.equal(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    );
  }
});

test("docs/hostile-suite.md is what the cases say", () => {
  assert.is(
    readFileSync("docs/hostile-suite.md", "utf8"),
    hostilePage(),
    "node test/hostile/write-page.ts writes it anew",
  );
});

test.run();
