import { test } from "uvu";
import * as assert from "uvu/assert";
import { pickShare } from "../../src/route/pick-share.ts";

const KEYS = Array.from({ length: 20_000 }, (_, n) => `customer ${n}`);
const TEN = Array.from({ length: 10 }, (_, n) => ({ id: `version-${n}`, percent: n < 5 ? 4 : 16 }));

interface Share {
  readonly id: string;
  readonly percent: number;
}

const idOf = ({ id }: Share): string => id;

function picks(shares: readonly Share[]): string[] {
  return KEYS.map((key) => pickShare(shares, idOf, key).id);
}

function moved(before: readonly Share[], after: readonly Share[]): string[] {
  const [from, to] = [picks(before), picks(after)];
  return from.flatMap((id, n) => (to[n] === id ? [] : [`${id} to ${to[n]}`]));
}

test("pickShare gives each of ten versions its part, by key and at random", () => {
  const anyhow = KEYS.map(() => pickShare(TEN, idOf, null).id);
  for (const { id, percent } of TEN) {
    for (const found of [picks(TEN), anyhow]) {
      const part = (found.filter((one) => one === id).length / KEYS.length) * 100;
      assert.ok(Math.abs(part - percent) < 1.5, `${id} has ${part} of ${percent}`);
    }
  }
});

test("pickShare keeps a key where it is, whatever the order of the shares", () => {
  assert.equal(moved(TEN, TEN.toReversed()), []);
});

test("pickShare moves only keys of shares that shrink, to shares that grow", () => {
  const grown = [
    { id: "old", percent: 90 },
    { id: "new", percent: 10 },
  ];
  const more = [
    { id: "new", percent: 50 },
    { id: "old", percent: 50 },
  ];
  const changed = moved(grown, more);
  assert.ok(changed.every((move) => move === "old to new"));
  assert.ok(Math.abs(changed.length / KEYS.length - 0.4) < 0.02, String(changed.length));
  // One of ten goes: the other nine keep what they have.
  const nine = TEN.slice(0, 9).map(({ id, percent }) => ({ id, percent: (percent * 100) / 84 }));
  const left = moved(TEN, nine);
  assert.ok(left.every((move) => move.startsWith("version-9 to ")));
  assert.ok(Math.abs(left.length / KEYS.length - 0.16) < 0.015, String(left.length));
});

test.run();
