import { test } from "uvu";
import * as assert from "uvu/assert";
import { KeptPositions } from "../../src/versions/kept-positions.ts";
import type { Positions } from "../../src/versions/positions.ts";

function keep(kept: KeptPositions): (account: string, version: string, sizeBytes?: number) => boolean {
  return (account, version, sizeBytes = 10) => {
    let isRead = false;
    const positions: Positions = { modules: [] };
    kept.of(account, version, () => {
      isRead = true;
      return { positions, sizeBytes };
    });
    return isRead;
  };
}

test("KeptPositions reads what it does not have, and drops what its account used longest ago", () => {
  const kept = new KeptPositions({ all: 100, perAccount: 25 });
  const reads = keep(kept);
  assert.ok(reads("other", "o1"));
  assert.ok(reads("a", "a1"));
  assert.ok(reads("a", "a2"));
  assert.not(reads("a", "a1"));
  assert.ok(reads("a", "a3"));
  assert.is(kept.heldBytes, 30);
  assert.not(reads("a", "a1"));
  assert.not(reads("other", "o1"));
  assert.ok(reads("a", "a2"));
  for (let version = 0; version < 1_000; version++) reads("a", `more${version}`);
  assert.is(kept.heldBytes, 30);
  assert.not(reads("other", "o1"));
});

test("KeptPositions holds no more than all may have, and nothing larger than an account's part", () => {
  const kept = new KeptPositions({ all: 50, perAccount: 25 });
  const reads = keep(kept);
  for (let account = 0; account < 9; account++) assert.ok(reads(`a${account}`, `v${account}`));
  assert.is(kept.heldBytes, 50);
  assert.not(reads("a8", "v8"));
  assert.ok(reads("a0", "v0"));
  assert.ok(reads("b", "large", 26));
  assert.ok(reads("b", "large", 26));
  assert.is(kept.heldBytes, 50);
});

test("KeptPositions keeps nothing of a version that cannot be read", () => {
  const kept = new KeptPositions({ all: 50, perAccount: 25 });
  assert.throws(
    () =>
      kept.of("a", "v", () => {
        throw new Error("gone");
      }),
    "gone",
  );
  assert.is(kept.heldBytes, 0);
});

test.run();
