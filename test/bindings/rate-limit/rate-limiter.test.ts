import { test } from "uvu";
import * as assert from "uvu/assert";
import { RateLimiter } from "../../../src/bindings/rate-limit/rate-limiter.ts";

const target = (account: string, namespaceId = "1", limit = 2, periodS = 10) => {
  return { account, namespaceId, limit, periodS };
};

function make(bounds = {}): { limiter: RateLimiter; clock: { ms: number } } {
  const clock = { ms: 1_000_000_000 };
  return { clock, limiter: new RateLimiter({ now: () => clock.ms, monotonicMs: () => clock.ms }, bounds) };
}

test("RateLimiter lets a key pass so often in a window, and begins anew with the next one", () => {
  const { limiter, clock } = make();
  const pass = (): boolean => limiter.pass(target("a"), "k");
  assert.equal([pass(), pass(), pass(), pass()], [true, true, false, false]);
  assert.is(limiter.pass(target("a"), "other"), true);
  clock.ms += 9_999;
  assert.is(pass(), false);
  clock.ms += 1;
  assert.equal([pass(), pass(), pass()], [true, true, false]);
});

test("RateLimiter counts by account, namespace and length of the window", () => {
  const { limiter } = make();
  for (let i = 0; i < 3; i++) limiter.pass(target("a"), "k");
  assert.is(limiter.pass(target("a"), "k"), false);
  assert.is(limiter.pass(target("b"), "k"), true);
  assert.is(limiter.pass(target("a", "2"), "k"), true);
  assert.is(limiter.pass(target("a", "1", 2, 60), "k"), true);
  // The same counter, seen by a binding with a higher limit.
  assert.is(limiter.pass(target("a", "1", 3), "k"), true);
});

test("RateLimiter tells long keys apart and does not confuse them with digests", () => {
  const { limiter } = make();
  const long = "x".repeat(8_000);
  for (let i = 0; i < 3; i++) limiter.pass(target("a"), `${long}1`);
  assert.is(limiter.pass(target("a"), `${long}1`), false);
  assert.is(limiter.pass(target("a"), `${long}2`), true);
  assert.is(limiter.size, 2);
});

test("RateLimiter forgets the least recently counted of an account that has too many keys, and nobody else's", () => {
  const { limiter } = make({ perAccount: 100, inAll: 1_000 });
  for (let i = 0; i < 3; i++) limiter.pass(target("quiet"), "k");
  for (let i = 0; i < 5_000; i++) {
    limiter.pass(target("loud"), `k${i}`);
    if (i % 10 === 0) for (let j = 0; j < 3; j++) limiter.pass(target("loud"), "hot");
  }
  assert.ok(limiter.size <= 101, `${limiter.size}`);
  assert.is(limiter.pass(target("quiet"), "k"), false);
  assert.is(limiter.pass(target("loud"), "hot"), false);
});

test("RateLimiter bounds the keys of all accounts together", () => {
  const { limiter, clock } = make({ perAccount: 100, inAll: 1_000 });
  for (let account = 0; account < 50; account++)
    for (let i = 0; i < 60; i++) limiter.pass(target(`a${account}`), `k${i}`);
  assert.ok(limiter.size <= 1_000, `${limiter.size}`);
  clock.ms += 60_000;
  for (let i = 0; i < 60; i++) limiter.pass(target("late"), `k${i}`);
  for (let i = 0; i < 2_000; i++) limiter.pass(target("late", `n${i}`), "k");
  assert.ok(limiter.size <= 1_000, `${limiter.size}`);
});

test.run();
