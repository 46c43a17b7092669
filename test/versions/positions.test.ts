import { test } from "uvu";
import * as assert from "uvu/assert";
import { originalPlace } from "../../src/versions/positions.ts";
import { Random } from "../cell/random.ts";

/** What a stack has for a column, found by going over all edits; null where the place is no edit's. */
function slowColumn(shifts: readonly number[], line: number, column: number): number {
  let moved = 0;
  for (let at = 0; at < shifts.length; at += 4) {
    const [of = 0, start = 0, before = 0, after = 0] = shifts.slice(at, at + 4);
    if (of !== line) continue;
    if (column < start + moved) break;
    if (column < start + moved + after || (before > 0 && column === start + moved + after)) return start;
    moved += after - before;
  }
  return column - moved;
}

test("originalPlace finds what going over all edits finds", () => {
  const random = new Random(7);
  for (let round = 0; round < 60; round++) {
    const shifts: number[] = [];
    for (let line = 1; line <= 4; line++) {
      let start = 0;
      for (let count = random.int(6); count > 0; count--) {
        const [before, after] = [random.int(4), random.int(4)];
        start += random.int(3);
        if (before !== after) shifts.push(line, start, before, after);
        start += before;
      }
    }
    const module = {
      name: "a.js",
      firstLine: 1,
      lines: 4,
      shifts: Uint32Array.from(shifts),
      sourceMap: null,
    };
    for (let line = 1; line <= 4; line++) {
      for (let column = 0; column < 30; column++) {
        const place = originalPlace({ modules: [module] }, line, column + 1);
        const want = slowColumn(shifts, line, column) + 1;
        assert.is(place?.column, want, `${shifts.join()} at ${line}:${column}`);
      }
    }
  }
});

test("originalPlace looks at a few edits of a line, whatever number it has", () => {
  const edits = 100_000;
  const shifts = Uint32Array.from({ length: edits * 4 }, (_, at) => [1, (at >> 2) * 10, 5, 8][at % 4]!);
  let looks = 0;
  const counted = new Proxy(shifts, {
    get(target, key) {
      looks++;
      return Reflect.get(target, key, target) as unknown;
    },
  });
  const module = { name: "a.js", firstLine: 1, lines: 1, shifts: counted, sourceMap: null };
  const at = (column: number): number => originalPlace({ modules: [module] }, 1, column + 1)!.column - 1;
  assert.is(at(edits * 13 - 1), edits * 10 - 1);
  looks = 0;
  assert.is(at(edits * 13 - 14), edits * 10 - 11);
  assert.is(at(13 * 50_000 + 3), 10 * 50_000);
  assert.ok(looks < 120, `${looks}`);
});

test.run();
