import { test } from "uvu";
import * as assert from "uvu/assert";
import { Suspects } from "../../../src/cell/supervision/suspects.ts";

test("Suspects lists what was entered and not left, the latest entry first", () => {
  const suspects = new Suspects();
  suspects.entered(1, "a", [7], 100);
  suspects.entered(2, "b", [1, 2], 110);
  suspects.entered(3, "c", [0], 120);
  suspects.left(2);
  suspects.entered(1, "a", [8], 130);
  assert.equal(suspects.list(null, 150), [
    { isolate: 1, versionKey: "a", event: 8, ranMs: 20 },
    { isolate: 3, versionKey: "c", event: 0, ranMs: 30 },
  ]);
});

test("Suspects does not know the event of an entry with several", () => {
  const suspects = new Suspects();
  suspects.entered(2, "b", [1, 2], 110);
  assert.is(suspects.list(null, 110)[0]?.event, -1);
});

test("Suspects keeps an isolate that went while it ran for a cell that names it", () => {
  const suspects = new Suspects();
  suspects.entered(1, "a", [7], 100);
  suspects.entered(2, "b", [1], 110);
  suspects.forget(1);
  assert.equal(
    suspects.list(null, 200).map(({ isolate }) => isolate),
    [2],
  );
  assert.equal(
    suspects.list(1, 200).map(({ isolate }) => isolate),
    [2, 1],
  );
  for (let isolate = 10; isolate < 1_000; isolate++) {
    suspects.entered(isolate, "x", [1], 0);
    suspects.forget(isolate);
  }
  assert.equal(suspects.list(1, 200).length, 1);
});

test.run();
