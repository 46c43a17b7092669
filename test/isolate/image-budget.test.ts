import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadImage } from "../../src/isolate/image.ts";
import { makeSpare } from "../../src/isolate/spare.ts";

/*
 * The budget of the image, see docs/image-budget.md. Whoever meets it makes something lazy, or raises it there and
 * here with a reason. Nothing here is a time: sizes are the same on every machine.
 */
const SCRIPT_KB = 235;
const CODE_CACHE_KB = 410;
const SPARE_HEAP_KB = 1_830;
/** What the evaluation of the streams alone adds; so much less proves that they wait. */
const STREAMS_HEAP_KB = 20;

test("the image keeps its budget: script, code cache, used heap of a spare", async () => {
  const image = await loadImage({});
  const within = (what: string, bytes: number, mostKb: number): void => {
    const kb = Math.round(bytes / 1024);
    assert.ok(kb <= mostKb, `${what} is ${kb} KB, its budget ${mostKb} KB`);
  };
  within("the script", image.script.length, SCRIPT_KB);
  within("the code cache", image.codeCache!.copy().byteLength, CODE_CACHE_KB);
  const spare = await makeSpare(image, { memoryMb: 64 });
  try {
    within("a spare's used heap", await usedHeap(spare), SPARE_HEAP_KB);
  } finally {
    spare.isolate.dispose();
  }
});

test("what waits in the image is not evaluated by a spare", async () => {
  const image = await loadImage({});
  // A collection in between makes less of it.
  const took: number[] = [];
  while (!took.some((bytes) => bytes > STREAMS_HEAP_KB * 1024)) {
    assert.ok(took.length < 5, `the streams took ${took.join(", ")} bytes`);
    const spare = await makeSpare(image, { memoryMb: 64 });
    try {
      const before = await usedHeap(spare);
      assert.is(await spare.context.eval("typeof ReadableStream"), "function");
      took.push((await usedHeap(spare)) - before);
    } finally {
      spare.isolate.dispose();
    }
  }
});

async function usedHeap(spare: Awaited<ReturnType<typeof makeSpare>>): Promise<number> {
  return (await spare.isolate.getHeapStatistics()).used_heap_size;
}

test.run();
