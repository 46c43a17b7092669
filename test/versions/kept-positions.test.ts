import { test } from "uvu";
import * as assert from "uvu/assert";
import { KeptPositions } from "../../src/versions/kept-positions.ts";
import { NO_POSITIONS, type Positions } from "../../src/versions/positions.ts";

function never(): never {
  throw new Error("it was read");
}

function keep(kept: KeptPositions): (account: string, version: string, sizeBytes?: number) => boolean {
  return (account, version, sizeBytes = 10) => {
    let isRead = false;
    const positions: Positions = { modules: [] };
    kept.of(account, version, () => {
      isRead = true;
      return { positions, sizeBytes, readBytes: 0 };
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
  const kept = new KeptPositions({ all: 5_000, perAccount: 2_500 });
  const reads = keep(kept);
  for (let account = 0; account < 9; account++) assert.ok(reads(`a${account}`, `v${account}`, 1_000));
  assert.is(kept.heldBytes, 5_000);
  assert.not(reads("a8", "v8", 1_000));
  assert.ok(reads("a0", "v0", 1_000));
  assert.is(kept.heldBytes, 5_000);
});

test("KeptPositions reads what is larger than an account's part once, and has none of it", () => {
  const kept = new KeptPositions({ all: 5_000, perAccount: 2_500 });
  const positions: Positions = { modules: [] };
  let reads = 0;
  const of = (sizeBytes: number): Positions =>
    kept.of("a", `v${sizeBytes}`, () => ({ positions, sizeBytes, readBytes: ++reads }));
  assert.is(of(2_500), positions);
  assert.is(of(2_501), NO_POSITIONS);
  assert.is(of(2_501), NO_POSITIONS);
  assert.is(reads, 2);
});

test("KeptPositions charges what an account has read, and reads no more for it where that is too much", () => {
  let nowMs = 0;
  let spentMs = 0;
  const spent = (account: string, tookMs: number): void => {
    if (account === "a") spentMs += tookMs;
  };
  const kept = new KeptPositions(undefined, { nowMs: () => nowMs, spent });
  let version = 0;
  let reads = 0;
  const positions: Positions = { modules: [] };
  // Priced at 100.1 ms.
  const read = (): Positions =>
    kept.of("a", `v${version++}`, () => {
      reads++;
      return { positions, sizeBytes: 5e6, readBytes: 20e6 };
    });
  for (let error = 0; error < 9; error++) assert.is(read(), error < 5 ? positions : NO_POSITIONS);
  assert.is(reads, 5);
  assert.ok(Math.abs(spentMs - 500.5) < 1e-6, `${spentMs}`);
  // What is held costs nothing, and others have their own.
  assert.is(kept.of("a", "v4", never), positions);
  assert.is(
    kept.of("b", "b", () => ({ positions, sizeBytes: 1, readBytes: 1 })),
    positions,
  );
  nowMs = 9;
  assert.is(read(), NO_POSITIONS);
  nowMs = 11;
  assert.is(read(), positions);
  assert.is(read(), NO_POSITIONS);
  nowMs = 60_000;
  for (let error = 0; error < 9; error++) assert.is(read(), error < 5 ? positions : NO_POSITIONS);
});

test("KeptPositions charges a read that fails", () => {
  const kept = new KeptPositions(undefined, { nowMs: () => 0 });
  let reads = 0;
  for (let error = 0; error < 6_000; error++) {
    try {
      kept.of("a", "v", () => {
        reads++;
        throw new Error("gone");
      });
    } catch {}
  }
  assert.is(reads, 5_000);
});

test("KeptPositions keeps nothing of a version that cannot be read", () => {
  const kept = new KeptPositions({ all: 50, perAccount: 25 });
  assert.throws(
    () =>
      kept.of("a", "v", () => {
        throw new Error("gone");
      }),
    /gone/,
  );
  assert.is(kept.heldBytes, 0);
});

test.run();
