import { test } from "uvu";
import * as assert from "uvu/assert";
import { CodeShelf, MOST_KEPT_BYTES } from "../../src/storage/code-shelf.ts";

const code = (length: number): Buffer => Buffer.alloc(length, 7);

test("CodeShelf gives what was put, until there is no room for it any more", () => {
  const shelf = new CodeShelf(4_000);
  for (const id of ["v1", "v2", "v3"]) shelf.put("a", id, id, code(1_000));
  assert.is(shelf.get("v1")?.length, 1_000);
  shelf.put("a", "v4", "v4", code(1_000));
  assert.equal(
    ["v1", "v2", "v3", "v4"].map((id) => shelf.has(id)),
    [true, false, true, true],
  );
  assert.is(shelf.get("v2"), undefined);
});

test("CodeShelf keeps nothing large, and says when it is full", () => {
  const shelf = new CodeShelf(2 * MOST_KEPT_BYTES);
  shelf.put("a", "w", "large", code(MOST_KEPT_BYTES + 1));
  assert.is(shelf.has("large"), false);
  assert.is(shelf.isFull, false);
  shelf.put("a", "w", "v1", code(MOST_KEPT_BYTES));
  assert.is(shelf.isFull, true);
});

test("CodeShelf forgets all versions of one worker, and those only", () => {
  const shelf = new CodeShelf();
  shelf.put("a", "w", "v1", code(1));
  shelf.put("a", "w", "v2", code(1));
  shelf.put("a", "other", "v3", code(1));
  shelf.put("b", "w", "v4", code(1));
  shelf.forget("a", "w");
  assert.equal(
    ["v1", "v2", "v3", "v4"].map((id) => shelf.has(id)),
    [false, false, true, true],
  );
});

test.run();
