import ivm from "isolated-vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { collectGarbage } from "../../src/isolate/collector.ts";
import { loadImage } from "../../src/isolate/image.ts";
import { makeSpare } from "../../src/isolate/spare.ts";

const collect = (isolate: ivm.Isolate): Promise<boolean> => collectGarbage(isolate, (call) => call);
const HAS_GC = "typeof gc + ('gc' in globalThis)";

test("collectGarbage() gives back what a start leaves, out of the worker's reach", async () => {
  const image = await loadImage({});
  const { isolate, context } = await makeSpare(image, { memoryMb: 64 });
  try {
    const before = await isolate.getHeapStatistics();
    assert.is(await collect(isolate), true);
    const after = await isolate.getHeapStatistics();
    const kb = Math.round((before.total_heap_size - after.total_heap_size) / 1024);
    assert.ok(kb >= 256, `${kb} KB of heap were given back`);
    assert.is(await context.eval(HAS_GC), "undefinedfalse");
  } finally {
    isolate.dispose();
  }
});

test("no realm of a worker has it that is made meanwhile, and none is collected while one is made", async () => {
  const image = await loadImage({});
  const first = await makeSpare(image, { memoryMb: 64 });
  // Both begin at once: whoever is second waits, or is refused.
  const underWay = makeSpare(image, { memoryMb: 64 });
  assert.is(await collect(first.isolate), false);
  (await underWay).isolate.dispose();
  const collecting = collect(first.isolate);
  const second = await makeSpare(image, { memoryMb: 64 });
  try {
    assert.is(await collecting, true);
    assert.is(await second.context.eval(HAS_GC), "undefinedfalse");
    const later = await first.isolate.createContext();
    assert.is(await later.eval(HAS_GC), "undefinedfalse");
  } finally {
    first.isolate.dispose();
    second.isolate.dispose();
  }
});

test("an isolate that was disposed is refused, and the flag falls", async () => {
  const isolate = new ivm.Isolate({ memoryLimit: 16 });
  const collecting = collect(isolate);
  isolate.dispose();
  await collecting.then(
    () => assert.unreachable(),
    () => {},
  );
  const other = new ivm.Isolate({ memoryLimit: 16 });
  assert.is(await (await other.createContext()).eval(HAS_GC), "undefinedfalse");
  other.dispose();
});

test.run();
