import { test } from "uvu";
import * as assert from "uvu/assert";
import { UsedIds } from "../../../src/cell/protocol/used-ids.ts";

test("UsedIds knows which ids were used, in whatever order they ended", () => {
  const used = new UsedIds(1);
  for (const id of [5, 1, 9]) used.add(id);
  assert.equal(
    [1, 3, 5, 7, 9, 11].map((id) => used.has(id)),
    [true, false, true, false, true, false],
  );
  used.add(3);
  used.add(7);
  assert.ok(used.has(7));
  assert.not.ok(used.has(11));
});

test("UsedIds gives up an id that is left out for long", () => {
  const used = new UsedIds(2);
  for (let id = 4; id < 4 + 2 * 2_000; id += 2) used.add(id);
  assert.ok(used.has(2));
  assert.not.ok(used.has(4 + 2 * 2_000));
});

test.run();
