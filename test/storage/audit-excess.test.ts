import { test } from "uvu";
import * as assert from "uvu/assert";
import { auditExcess } from "../../src/storage/audit-excess.ts";

test("auditExcess takes from the accounts that have most, down to one level", () => {
  const taken = (counts: Record<string, number>, excess: number): Record<string, number> =>
    Object.fromEntries(auditExcess(new Map(Object.entries(counts)), excess));
  assert.equal(taken({ a: 5, b: 3 }, 0), {});
  assert.equal(taken({ a: 5, b: 3 }, -4), {});
  assert.equal(taken({ a: 5, b: 3 }, 1), { a: 1 });
  assert.equal(taken({ a: 5, b: 3, c: 1 }, 4), { a: 3, b: 1 });
  assert.equal(taken({ a: 5, b: 5, c: 1 }, 4), { a: 2, b: 2 });
  assert.equal(taken({ a: 1, b: 1, c: 1 }, 2), { a: 1, b: 1 });
  assert.equal(taken({ a: 2, b: 7 }, 9), { a: 2, b: 7 });
});

test.run();
