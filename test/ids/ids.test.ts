import { test } from "uvu";
import * as assert from "uvu/assert";
import { isLabel } from "../../src/ids/label.ts";
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

test("isLabel takes names of 1 to 63 characters that stand in a host name or a folder's", () => {
  for (const name of ["a", "7", "a-b_c", "x".repeat(63)]) assert.ok(isLabel(name), name);
  for (const name of [
    "",
    "-a",
    "a-",
    "_a",
    "A",
    "a.b",
    "a\n",
    "../a",
    "x".repeat(64),
    "*",
    7,
    null,
    undefined,
  ])
    assert.not.ok(isLabel(name), String(name));
});

test.run();
