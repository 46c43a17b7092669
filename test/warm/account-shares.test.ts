import { test } from "uvu";
import * as assert from "uvu/assert";
import { AccountShares } from "../../src/warm/account-shares.ts";
import type { WarmIsolate } from "../../src/warm/warm-isolate.ts";

function isolate(account: string): WarmIsolate {
  return { version: { account } } as unknown as WarmIsolate;
}

test("AccountShares knows what accounts have as isolates come and go, also if one comes or goes twice", () => {
  const shares = new AccountShares();
  const [a, b, c] = [isolate("one"), isolate("one"), isolate("two")];
  for (const each of [a, b, c, a]) shares.add(each);
  assert.equal([...shares.of("one")], [a, b]);
  assert.is(shares.fairShare("one"), 1.5);
  assert.is(shares.fairShare("new"), 1);
  assert.equal([...shares.above(1)], [shares.of("one")]);
  shares.remove(a);
  shares.remove(a);
  assert.equal([...shares.above(1)], []);
  assert.is(shares.of("one").size, 1);
  shares.remove(c);
  assert.is(shares.of("two").size, 0);
  assert.is(shares.fairShare("one"), 1);
  shares.remove(b);
  assert.is(shares.fairShare("one"), 0);
  assert.equal([...shares.above(-1)], [], "an account without isolates is none");
});

test.run();
