import { test } from "uvu";
import * as assert from "uvu/assert";
import { giveFineClock, wantsFineClock } from "../../src/isolate/fine-clock.ts";
import { LiveIsolate } from "../../src/isolate/live-isolate.ts";
import { makeSpare } from "../../src/isolate/spare.ts";

/** A runtime that shows its clock to everybody, and a tenant that has spoilt what a clock could lean on. */
const SHOWS_CLOCK = `(() => {
  const nothing = () => [];
  return () => ({ load: nothing, deliver: nothing, turn: nothing, collect: nothing,
    setClock(clock) { globalThis.clock = clock; delete globalThis.Temporal; Number = BigInt = undefined; Function.prototype.call = nothing; } });
})()`;

async function makeLive(): Promise<LiveIsolate> {
  const spare = await makeSpare({ script: SHOWS_CLOCK, parts: {}, codeCache: undefined }, { memoryMb: 32 });
  const limits = { cpuMs: 50, memoryMb: 32, startupCpuMs: 100 };
  const request = { isolate: 1, versionKey: "v", limits, account: 1, weight: 1 };
  return new LiveIsolate(request as ConstructorParameters<typeof LiveIsolate>[0], spare, async () => {});
}

test("giveFineClock() gives a clock that ticks within a millisecond, beside that of the system", async () => {
  const live = await makeLive();
  try {
    await giveFineClock(live);
    const { context } = live.spare;
    const read = async (): Promise<number> => (await context.eval("clock()")) as number;
    const before = Date.now();
    const us = await read();
    assert.ok(us >= (before - 1) * 1_000 && us <= (Date.now() + 1) * 1_000, `${us} beside ${before}`);
    while ((await read()) % 1_000 === 0);
    assert.is(live.pending, 0);
  } finally {
    live.spare.isolate.dispose();
  }
});

test("wantsFineClock() asks for it once, after some milliseconds of turns that many events share", async () => {
  const live = await makeLive();
  live.spare.isolate.dispose();
  assert.is(wantsFineClock(live, 1_000), false);
  assert.is(wantsFineClock(live, 1_000), false);
  assert.is(wantsFineClock(live, 1_000), true);
  assert.is(wantsFineClock(live, 60_000), false);
});

test.run();
