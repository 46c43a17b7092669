import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LiveIsolate } from "../../src/isolate/live-isolate.ts";
import { MemoryWatch } from "../../src/isolate/memory-watch.ts";

const MIB = 1024 * 1024;

/** A watch over a process whose memory the test sets. */
function makeWatch(capMb: number, ownProcess = true) {
  const resident = { bytes: 100 * MIB, apartBytes: 50 * MIB };
  const clock = { ms: 1_000 };
  const running = new Set<LiveIsolate>();
  const ended: [number, string][] = [];
  const lost: [number | undefined, string][] = [];
  const watch = new MemoryWatch({
    capBytes: capMb * MIB,
    ownProcess,
    running,
    onOver: (live, evidence) => {
      running.delete(live);
      watch.ended(live);
      ended.push([live.id, evidence]);
    },
    onLost: (suspect, message) => lost.push([suspect?.id, message]),
    resident: { read: () => ({ ...resident }) },
    nowMs: () => clock.ms,
  });
  const grow = (mb: number): void => {
    resident.bytes += mb * MIB;
    resident.apartBytes += mb * MIB;
    watch.tick();
  };
  const enter = (id: number, memoryMb = 128, wasmMb = 0) => {
    const live = {
      id,
      limits: { memoryMb },
      wasmBytes: wasmMb * MIB,
      grownBytes: 0,
      loaded: true,
      pending: 1,
      boundedUs: 0,
      weighedUs: 0,
      script: "",
    };
    running.add(live as unknown as LiveIsolate);
    return live;
  };
  return { watch, running, ended, lost, grow, enter, resident, clock };
}

test("MemoryWatch ends an isolate that grows past its limit and the slack, and says by how much", () => {
  const { ended, grow, enter } = makeWatch(10_000);
  enter(1);
  for (let i = 0; i < 22; i++) grow(10);
  assert.equal(ended, []);
  grow(10);
  assert.equal(ended, [[1, "the process grew by 230 MB while it ran"]]);
});

test("MemoryWatch grants what WebAssembly memories take", () => {
  const { ended, grow, enter } = makeWatch(10_000);
  enter(1, 128, 100);
  grow(320);
  assert.equal(ended, []);
  grow(10);
  assert.is(ended.length, 1);
});

test("MemoryWatch blames the one that ran while the process grew, not one that came later", () => {
  const { ended, grow, enter } = makeWatch(10_000);
  enter(1);
  grow(150);
  enter(2);
  grow(160);
  assert.equal(
    ended.map(([id]) => id),
    [1],
  );
});

test("MemoryWatch waits for the memory of the one it ended before it ends another", () => {
  const { ended, grow, enter } = makeWatch(10_000);
  const first = enter(1);
  const second = enter(2);
  grow(450);
  assert.is(ended.length, 1);
  grow(0);
  assert.is(ended.length, 1);
  // It was the first one's: the second is in the clear.
  grow(-440);
  first.pending = 0;
  grow(0);
  assert.is(ended.length, 1);
  assert.ok(second.grownBytes < 20 * MIB);
});

test("MemoryWatch ends what grows when the cell is short of memory, though it is within its limit", () => {
  const { ended, lost, grow, enter } = makeWatch(200);
  enter(1);
  grow(70);
  assert.equal(ended, []);
  grow(15);
  assert.equal(ended, [[1, "the process grew by 85 MB while it ran"]]);
  assert.equal(lost, []);
});

test("MemoryWatch gives the cell up once when it is over its limit and nothing is left to end", () => {
  const { lost, ended, grow, enter, clock } = makeWatch(200);
  enter(1);
  grow(90);
  assert.is(ended.length, 1);
  grow(50);
  assert.equal(lost, []);
  clock.ms += 9;
  grow(0);
  assert.equal(lost, []);
  clock.ms += 1;
  grow(0);
  grow(50);
  assert.equal(lost, [
    [
      1,
      "the cell holds 240 MB of memory, more than its 200 MB; the process grew by 140 MB while the worker ran",
    ],
  ]);
});

test("MemoryWatch puts growth down to what was ended and goes on in native code, not to who runs beside it", () => {
  const { watch, lost, ended, grow, enter, running, clock } = makeWatch(200);
  const hostile = enter(1);
  // For its CPU, say.
  running.delete(hostile as unknown as LiveIsolate);
  watch.ended(hostile as unknown as LiveIsolate);
  const neighbour = enter(2);
  for (let i = 0; i < 9; i++) grow(10);
  clock.ms += 60;
  grow(20);
  assert.equal(ended, []);
  assert.is(neighbour.grownBytes, 0);
  assert.equal(
    lost.map(([id]) => id),
    [1],
  );
});

test("MemoryWatch does not take an isolate for guilty that was ended and is quiet", () => {
  const { watch, ended, grow, enter, running } = makeWatch(200);
  const quiet = enter(1);
  running.delete(quiet as unknown as LiveIsolate);
  watch.ended(quiet as unknown as LiveIsolate);
  quiet.pending = 0;
  enter(2);
  grow(85);
  assert.equal(
    ended.map(([id]) => id),
    [2],
  );
});

test("MemoryWatch puts growth down to isolates by the CPU that they had meanwhile", () => {
  const { ended, grow, enter } = makeWatch(200);
  const begins = enter(1);
  const works = enter(2);
  begins.boundedUs = 100;
  works.boundedUs = 4_900;
  grow(50);
  assert.is(Math.round(begins.grownBytes / MIB), 1);
  assert.is(Math.round(works.grownBytes / MIB), 49);
  begins.boundedUs += 100;
  works.boundedUs += 4_900;
  grow(35);
  assert.equal(
    ended.map(([id]) => id),
    [2],
  );
});

test("MemoryWatch counts an embedder's own heap neither as growth nor as the cell's", () => {
  const { watch, lost, ended, enter, resident } = makeWatch(200, false);
  enter(1);
  resident.bytes += 5_000 * MIB;
  watch.tick();
  assert.equal(ended, []);
  assert.equal(lost, []);
});

test("MemoryWatch begins anew after a pause", () => {
  const { watch, ended, grow, enter, resident } = makeWatch(10_000);
  resident.apartBytes += 1_000 * MIB;
  watch.restart();
  enter(1);
  grow(1);
  assert.equal(ended, []);
});

test.run();
