import { test } from "uvu";
import * as assert from "uvu/assert";
import { Mark, MARK_WORDS } from "../../runtime-api/contract/boot.ts";
import { Entry } from "../../src/isolate/entry.ts";

test("Entry.isOver cuts 1 ms beyond the budget, and later only as far as the count is in doubt", () => {
  const entry = new Entry(new Map([[1, 50_000]]), new Float64Array(MARK_WORDS), 1_000_000);
  assert.not(entry.isOver(1_050_000, 0));
  assert.not(entry.isOver(1_051_000, 0));
  assert.ok(entry.isOver(1_052_000, 0));
  assert.not(entry.isOver(1_052_000, 10_000));
  assert.ok(entry.isOver(1_062_000, 10_000));
  assert.ok(entry.isOver(1_071_000, 1_000_000));
});

test("Entry.isOver holds each slice to its event's budget, and all of them to the sum", () => {
  const marks = new Float64Array(MARK_WORDS);
  const entry = new Entry(
    new Map([
      [1, 50_000],
      [2, 10_000],
    ]),
    marks,
    0,
  );
  marks[Mark.slice] = 1;
  marks[Mark.event] = 2;
  assert.not(entry.isOver(10_500, 0));
  assert.ok(entry.isOver(12_000, 0));
  marks[Mark.slice] = 2;
  marks[Mark.event] = 1;
  assert.not(entry.isOver(12_000, 0));
  assert.not(entry.isOver(60_500, 0));
  assert.ok(entry.isOver(62_000, 0));
});

test("Entry.leftUs says what is left until isOver holds, of the slice or of the whole entry", () => {
  const marks = new Float64Array(MARK_WORDS);
  const entry = new Entry(new Map([[1, 50_000]]), marks, 1_000);
  assert.is(entry.leftUs(1_000, 0), 51_000);
  assert.is(entry.leftUs(51_000, 2_000), 3_000);
  assert.is(entry.leftUs(53_000, 0), -1_000);
  assert.ok(entry.isOver(57_000, 0));
});

test("Entry.takeSpentUs gives what was used since it was taken last, and holds the whole entry to the sum still", () => {
  const entry = new Entry(new Map([[1, 50_000]]), new Float64Array(MARK_WORDS), 1_000);
  assert.is(entry.spentUs(31_000), 30_000);
  assert.is(entry.takeSpentUs(31_000), 30_000);
  assert.is(entry.spentUs(41_000), 10_000);
  assert.is(entry.takeSpentUs(41_000), 10_000);
  assert.ok(entry.isOver(57_000, 0));
});

test.run();
