import { test } from "uvu";
import * as assert from "uvu/assert";
import { IdTable } from "../../src/ids/id-table.ts";
import { UnorderedList } from "../../src/ids/unordered-list.ts";

test("a table answers as a map does, whatever comes and goes, and lists its ids in order", () => {
  const table = new IdTable<string>();
  const map = new Map<number, string>();
  let state = 1;
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  let next = 1;
  for (let step = 0; step < 30_000; step++) {
    // Few at first, then a crowd, then few again: it grows and shrinks.
    const crowd = step < 10_000 ? 8 : step < 20_000 ? 700 : 3;
    const id = random(3) === 0 ? random(2 ** 31) * 4_096 : next++;
    if (map.size < crowd) {
      map.set(id, `value ${id}`);
      table.set(id, `value ${id}`);
    }
    while (map.size > crowd || (map.size > 0 && random(2) === 0)) {
      const gone = [...map.keys()][random(map.size)]!;
      assert.ok(table.delete(gone));
      map.delete(gone);
    }
    assert.is(table.size, map.size);
    if (step % 50 !== 0) continue;
    for (const [key, value] of map) assert.is(table.get(key), value);
    assert.equal(
      table.keys(),
      [...map.keys()].sort((a, b) => a - b),
    );
  }
});

test("a table has one value for an id, and nothing for ids that it was never given", () => {
  const table = new IdTable<number>();
  table.set(0, 1);
  table.set(0, 2);
  assert.equal(table.entries(), [[0, 2]]);
  for (const id of [-1, 16, 2 ** 32, Number.MAX_SAFE_INTEGER, Number.NaN]) {
    assert.not(table.has(id), String(id));
    assert.is(table.get(id), undefined, String(id));
    assert.not(table.delete(id), String(id));
  }
  table.clear();
  assert.is(table.size, 0);
  assert.is(table.get(0), undefined);
});

test("a list holds what was added and not removed, once each", () => {
  const list = new UnorderedList<{ place: number; name: string }>();
  const [a, b, c] = ["a", "b", "c"].map((name) => ({ place: -1, name }));
  for (const item of [a!, b!, c!, a!]) list.add(item);
  list.remove(a!);
  list.remove(a!);
  const names = (): string[] =>
    list
      .all()
      .map(({ name }) => name)
      .sort();
  assert.equal(names(), ["b", "c"]);
  list.add(a!);
  list.remove(c!);
  assert.equal(names(), ["a", "b"]);
  list.clear();
  assert.is(list.size, 0);
  list.add(b!);
  assert.equal(list.all(), [b]);
});

test.run();
