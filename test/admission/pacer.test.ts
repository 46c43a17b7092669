import { test } from "uvu";
import * as assert from "uvu/assert";
import { AccountLoad } from "../../src/admission/account-load.ts";
import { CpuBudget } from "../../src/admission/cpu-budget.ts";
import { type FoundPaces, Pacer } from "../../src/admission/pacer.ts";

interface Rig {
  readonly pacer: Pacer;
  readonly use: { us: number };
  readonly found: FoundPaces[];
  readonly heavy: AccountLoad;
  readonly light: AccountLoad;
}

/** A pacer of two cores that keeps half of them free, by what a test says is used, and two accounts. */
function makeRig(): Rig {
  const use = { us: 0 };
  const found: FoundPaces[] = [];
  const options = {
    cores: 2,
    reserve: 0.5,
    usedUs: () => use.us,
    pace: (paces: FoundPaces) => found.push(paces),
  };
  return { pacer: new Pacer(options, 0), use, found, heavy: newLoad("heavy"), light: newLoad("light") };
}

function newLoad(name: string): AccountLoad {
  return new AccountLoad(name, 1, new CpuBudget(Infinity, 0), 0);
}

test("Pacer holds an account that uses much while another is active, in cells and host by what it uses there", () => {
  const { pacer, use, found, heavy, light } = makeRig();
  use.us = 2_000_000;
  heavy.spent(1_800_000, 1_000);
  heavy.spentInHost(450_000, 1_000);
  light.spent(100_000, 1_000);
  pacer.look([heavy, light], 1_000);
  // Of two million µs 1.9 are charged, and half of the machine is kept free: 0.95 in that unit, less what the light one has.
  assert.is(Math.round(found[0]!.inCells.get("heavy")!), 638);
  assert.is(Math.round(found[0]!.inHost.get("heavy")!), 213);
  assert.is(found[0]!.inCells.size, 1);
  assert.is(light.paceUs, Infinity);
});

test("Pacer holds nobody who is alone, and lets on who was held when the others are gone", () => {
  const { pacer, use, found, heavy, light } = makeRig();
  use.us = 2_000_000;
  heavy.spent(1_900_000, 1_000);
  pacer.look([heavy], 1_000);
  assert.equal(found, []);
  light.spent(10_000, 1_000);
  pacer.look([heavy, light], 1_000);
  assert.ok(heavy.paceUs < Infinity);
  heavy.spent(1_900_000, 2_100);
  pacer.look([heavy, light], 2_100);
  assert.is(heavy.paceUs, Infinity);
  assert.is(found.length, 2);
  assert.is(found[1]!.inCells.size, 0, "the end of all paces is told once");
  pacer.look([heavy, light], 2_200);
  assert.is(found.length, 2);
});

test("Pacer holds nobody while the machine has the reserve free", () => {
  const { pacer, use, found, heavy, light } = makeRig();
  use.us = 900_000;
  heavy.spent(800_000, 1_000);
  light.spent(100_000, 1_000);
  pacer.look([heavy, light], 1_000);
  assert.equal(found, []);
});

test.run();
