import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AccountPace, Cell } from "../../src/cell/cell.ts";
import { AccountNumbers } from "../../src/warm/account-numbers.ts";
import { CellPaces } from "../../src/warm/cell-paces.ts";
import { silentCell } from "./silent-cell.ts";

/** A cell that keeps what it is told. */
function listeningCell(): { readonly cell: Cell; readonly told: (readonly AccountPace[])[] } {
  const told: (readonly AccountPace[])[] = [];
  return { cell: silentCell({ pace: (paces) => void told.push(paces) }), told };
}

test("CellPaces tells each cell the paces of accounts that are there, and once that there are none any more", () => {
  const [one, other, idle] = [listeningCell(), listeningCell(), listeningCell()];
  const homes: Record<string, readonly Cell[]> = { narrow: [one.cell], wide: [one.cell, other.cell] };
  const numbers = new AccountNumbers(() => 1);
  const paces = new CellPaces({ cellsOf: (account) => [...(homes[account] ?? [])] }, numbers);
  paces.pace(
    new Map([
      ["narrow", 300],
      ["wide", 501],
      ["nowhere", 100],
    ]),
  );
  const narrow = { account: numbers.shareOf("narrow").account, usPerMs: 300 };
  const wide = { account: numbers.shareOf("wide").account, usPerMs: 251 };
  assert.equal(one.told, [[narrow, wide]]);
  assert.equal(other.told, [[wide]]);
  paces.pace(new Map([["narrow", 300]]));
  assert.equal(other.told.at(-1), []);
  paces.pace(new Map());
  paces.pace(new Map());
  assert.equal(one.told.length, 3);
  assert.equal(one.told.at(-1), []);
  assert.equal(other.told.length, 2);
  assert.equal(idle.told, []);
});

test("CellPaces takes no number for an account that no cell has", () => {
  const numbers = new AccountNumbers(() => 1);
  const first = numbers.shareOf("there").account;
  new CellPaces({ cellsOf: () => [] }, numbers).pace(new Map([["nowhere", 100]]));
  assert.is(numbers.shareOf("next").account, first + 1);
});

test.run();
