import { test } from "uvu";
import * as assert from "uvu/assert";
import { ResidentMemory } from "../../src/isolate/resident-memory.ts";

const MIB = 1024 * 1024;

test("ResidentMemory says what Node says, and leaves out the heap of the main thread", () => {
  const memory = new ResidentMemory();
  const before = memory.read();
  assert.ok(Math.abs(before.bytes - process.memoryUsage.rss()) < 8 * MIB, `${before.bytes}`);
  assert.ok(before.apartBytes < before.bytes);
  const taken = new Uint8Array(64 * MIB).fill(1);
  const after = memory.read();
  assert.ok(after.bytes - before.bytes > 60 * MIB, `${after.bytes - before.bytes}`);
  assert.ok(after.apartBytes - before.apartBytes < 8 * MIB, `${after.apartBytes - before.apartBytes}`);
  assert.is(taken[1], 1);
});

test.run();
