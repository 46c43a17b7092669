import { test } from "uvu";
import * as assert from "uvu/assert";
import { AccountNumbers } from "../../src/warm/account-numbers.ts";

test("AccountNumbers gives an account one number, no two the same, and its weight", () => {
  const numbers = new AccountNumbers((account) => account.length);
  const first = numbers.shareOf("a");
  assert.equal(numbers.shareOf("bb"), { account: first.account + 1, weight: 2 });
  assert.equal(numbers.shareOf("a"), first);
});

test("AccountNumbers forgets who was not asked for in a long time, and gives no number twice", () => {
  const numbers = new AccountNumbers(() => 1);
  const seen = new Set<number>();
  const kept = numbers.shareOf("kept").account;
  const forgotten = numbers.shareOf("forgotten").account;
  for (let i = 0; i < 20_000; i++) {
    seen.add(numbers.shareOf(`other-${i}`).account);
    if (i % 1_000 === 0) assert.is(numbers.shareOf("kept").account, kept);
  }
  assert.is(seen.size, 20_000);
  assert.not.ok(seen.has(kept) || seen.has(forgotten));
  assert.ok(numbers.shareOf("forgotten").account > 20_000);
});

test.run();
