import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PAGES } from "./pages.ts";

for (const [file, page] of Object.entries(PAGES)) {
  test(`${file} is what its table says: npm run pages writes it`, () => {
    assert.is(readFileSync(file, "utf8"), page());
  });
}

test.run();
