import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { untested } from "./command-table.ts";
import { drivenBy } from "./driven-commands.ts";
import { PAGES } from "./pages.ts";

for (const [file, page] of Object.entries(PAGES)) {
  test(`${file} is what its table says: npm run pages writes it`, () => {
    assert.is(readFileSync(file, "utf8"), page());
  });
}

test("each command of wrangler that works is run by a test", () => {
  assert.equal(untested(), []);
  assert.equal(drivenBy("deploy"), ["4", "3"]);
  assert.equal(drivenBy("no such command"), []);
});

test.run();
