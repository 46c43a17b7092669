import { test } from "uvu";
import * as assert from "uvu/assert";
import { Group } from "../../src/warm/group.ts";

/** A group in which somebody waits until each of these times. */
function waiting(...untilMs: readonly number[]): { group: Group; refused: number[] } {
  const group = new Group();
  const refused: number[] = [];
  for (const until of untilMs)
    group.waiters.push({
      untilMs: until,
      boards: false,
      resolve: () => {},
      reject: () => void refused.push(until),
    });
  return { group, refused };
}

test("Group.expire() turns away whoever has waited for too long", () => {
  const { group, refused } = waiting(100, 200, 300);
  group.expire(200);
  assert.equal(refused, [100, 200]);
  assert.is(group.waiters.length, 1);
});

test("Group.expire() counts no time in which the host itself stood still", () => {
  const { group, refused } = waiting(100, 5_000);
  group.expire(4_100, 4_000);
  assert.equal(refused, [100]);
  group.expire(5_100);
  assert.equal(refused, [100]);
  group.expire(9_000);
  assert.equal(refused, [100, 5_000]);
});

test.run();
