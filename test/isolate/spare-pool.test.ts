import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadImage } from "../../src/isolate/image.ts";
import { SparePool, type SparePoolOptions } from "../../src/isolate/spare-pool.ts";
import { eventually } from "../eventually.ts";

const MEMORY_MB = 16;

async function makePool(more: Partial<SparePoolOptions> = {}): Promise<SparePool> {
  return new SparePool(await loadImage(), {
    count: 1,
    memoryMb: MEMORY_MB,
    busy: () => false,
    onCatastrophe: () => {},
    onBegun: () => () => {},
    ...more,
  });
}

test("SparePool makes more spares while claims come fast, and lets them go when they no longer do", async () => {
  let nowMs = 0;
  let dropped = 0;
  const pool = await makePool({ onDropped: () => dropped++, nowMs: () => nowMs, shrinkMs: 1 });
  try {
    pool.refill(0);
    await eventually(() => pool.count === 1, "1 spares");
    for (let claims = 0; claims < 4; claims++) (await pool.claim(2 * MEMORY_MB)).spare.isolate.dispose();
    for (let claims = 0; claims < 8; claims++) (await pool.claim(MEMORY_MB)).spare.isolate.dispose();
    // One, and one for each four claims of its size.
    await eventually(() => pool.count === 3, "3 spares");
    assert.is(dropped, 0);
    nowMs = 60_000;
    await eventually(() => pool.count === 1, "1 spares");
    assert.is(dropped, 2);
    assert.is((await pool.claim(MEMORY_MB)).waiting, true);
  } finally {
    await pool.close();
  }
});

test("SparePool keeps the spare that was taken for an isolate for that one", async () => {
  const pool = await makePool();
  try {
    pool.refill(0);
    await eventually(() => pool.count === 1, "a spare");
    pool.expect(7, MEMORY_MB);
    assert.is(pool.count, 0);
    const [other, expected] = await Promise.all([pool.claim(MEMORY_MB, 8), pool.claim(MEMORY_MB, 7)]);
    assert.equal([other.waiting, expected.waiting], [false, true]);
    for (const { spare } of [other, expected]) spare.isolate.dispose();
    // One that does not come is no reason to wait.
    pool.expect(9, MEMORY_MB);
    pool.forgo(9);
    await eventually(() => pool.count === 1, "the next spare");
  } finally {
    await pool.close();
  }
});

test.run();
