import { test } from "uvu";
import * as assert from "uvu/assert";
import { AccountLoad } from "../../src/admission/account-load.ts";
import { CpuBudget } from "../../src/admission/cpu-budget.ts";
import { Turnstile } from "../../src/admission/turnstile.ts";

function newLoad(name: string): AccountLoad {
  return new AccountLoad(name, 1, new CpuBudget(Infinity, 0), 0);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("Turnstile lets a few events of each account begin in a turn of the loop, in order", async () => {
  const turnstile = new Turnstile();
  const flood = newLoad("flood");
  const calm = newLoad("calm");
  assert.is(turnstile.pass(calm), undefined);
  const begun: number[] = [];
  let atOnce = 0;
  for (let i = 0; i < 40; i++) {
    const waits = turnstile.pass(flood);
    if (waits === undefined) atOnce++;
    else void waits.then(() => begun.push(i));
  }
  assert.is(atOnce, 16);
  assert.is(turnstile.pass(calm), undefined);
  await turn();
  await turn();
  await turn();
  assert.equal(
    begun,
    Array.from({ length: 24 }, (_, i) => i + 16),
  );
  await turn();
  assert.is(turnstile.pass(flood), undefined);
});

test("Turnstile does not hold back an account that is alone", () => {
  const turnstile = new Turnstile();
  const load = newLoad("alone");
  for (let i = 0; i < 1_000; i++) assert.is(turnstile.pass(load), undefined);
});

test.run();
