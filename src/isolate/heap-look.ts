import type { CpuMeter } from "./cpu-meter.ts";
import { Entry } from "./entry.ts";
import type { LiveIsolate } from "./live-isolate.ts";

const MIB = 1024 * 1024;
/**
 * What code can add to its heap in a microsecond of CPU, in bytes: V8 fills new memory with some 1,000 at best, arrays of
 * numbers. Bytes of buffers do not matter here: V8 asks before it gives those out.
 */
const FILL_BYTES = 4 * 1024;
/** Part of its limit that an isolate near it may grow by, unseen: nobody looks at it after every little turn. */
const UNSEEN_SHARE = 0.25;
/** CPU that a look may take, with all that V8 collects, in microseconds. */
export const LOOK_US = 10_000_000;
/** How often a look is tried: a rejection that nobody waits for ends whatever call comes next. */
const TRIES = 3;
/** Nothing at all: isolated-vm weighs the heap at the end of each script that it evaluates. */
const NOTHING = ";";

/** Whether an isolate may have grown beyond its limit since its heap was looked at, by the CPU that it used. */
export function mayBeOver(live: LiveIsolate): boolean {
  const limitBytes = live.limits.memoryMb * MIB;
  const unseenBytes = (live.boundedUs - live.heapSeenUs) * FILL_BYTES;
  return unseenBytes > Math.max(limitBytes - live.heldBytes, limitBytes * UNSEEN_SHARE);
}

/**
 * Looks at the heap of an isolate in which nothing runs. Garbage is held against nobody: where heap and buffers are over
 * the limit, V8 collects first, all it can, and isolated-vm disposes the isolate if what is left is still too much.
 * Never rejects; where a look fails, {@link mayBeOver} holds on.
 */
export async function lookAtHeap(live: LiveIsolate, meter: CpuMeter): Promise<void> {
  for (let tries = 0; tries < TRIES && !live.spare.isolate.isDisposed; tries++) {
    try {
      await readFigures(live);
      if (live.heldBytes > live.limits.memoryMb * MIB) {
        await live.track(live.spare.context.eval(NOTHING));
        await readFigures(live);
      }
      // What collecting took made nothing.
      meter.settle(live);
      live.heapSeenUs = live.boundedUs;
      return;
    } catch {
      // It is disposed, or something else was told by this call.
    }
  }
}

/**
 * The same right after something ran, in an entry of its own: what collecting takes is of no event's budget.
 * @param event what the isolate ends for
 */
export async function lookInEntry(live: LiveIsolate, event: number, meter: CpuMeter): Promise<void> {
  live.entry = new Entry(new Map([[event, LOOK_US]]), live.spare.ask.marks, live.boundedUs);
  await lookAtHeap(live, meter);
}

async function readFigures(live: LiveIsolate): Promise<void> {
  const heap = await live.track(live.spare.isolate.getHeapStatistics());
  live.heapBytes = heap.used_heap_size;
  live.heldBytes = heap.used_heap_size + heap.externally_allocated_size;
  live.externalBytes = heap.externally_allocated_size + live.wasmBytes;
}
