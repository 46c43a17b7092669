import { test } from "uvu";
import * as assert from "uvu/assert";
import { newId } from "../../src/ids/new-id.ts";
import { newVersionId } from "../../src/ids/version-id.ts";

test("newVersionId gives a random UUID each time", () => {
  assert.match(newVersionId(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.is.not(newVersionId(), newVersionId());
});

test("newId gives 120 random bits behind its prefix, safe in URLs and file names", () => {
  const ids = new Set(Array.from({ length: 1_000 }, () => newId("acc")));
  assert.is(ids.size, 1_000);
  for (const id of ids) assert.match(id, /^acc_[0-9a-hjkmnp-tv-z]{24}$/);
  assert.is(new Set([...ids].map((id) => id.at(-1))).size, 32);
});

test.run();
