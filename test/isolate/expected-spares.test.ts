import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Claimed, ExpectedSpares } from "../../src/isolate/expected-spares.ts";
import { loadImage } from "../../src/isolate/image.ts";
import { makeSpare, type Spare } from "../../src/isolate/spare.ts";
import { eventually } from "../eventually.ts";

const MEMORY_MB = 16;
const image = await loadImage();

/** Claims that make a spare each, with those that were made. */
function claims(): { made: Spare[]; claim: () => Promise<Claimed> } {
  const made: Spare[] = [];
  const claim = async (): Promise<Claimed> => {
    const spare = await makeSpare(image, { memoryMb: MEMORY_MB });
    made.push(spare);
    return { spare, waiting: true };
  };
  return { made, claim };
}

test("ExpectedSpares gives a spare to the isolate for which it was taken, entered and as good as new", async () => {
  const { made, claim } = claims();
  const expected = new ExpectedSpares();
  expected.add(1, MEMORY_MB, claim);
  assert.is(expected.size, 1);
  assert.is(await expected.take(2, MEMORY_MB), undefined);
  const { spare } = (await expected.take(1, MEMORY_MB))!;
  assert.is(spare, made[0]);
  assert.is(expected.size, 0);
  assert.equal(await spare.doors.collect.apply(undefined, [0], { result: { copy: true } }), []);
  spare.isolate.dispose();
});

test("ExpectedSpares ends what nobody comes for: dropped, of another size, or still there at the end", async () => {
  const { made, claim } = claims();
  const expected = new ExpectedSpares();
  for (const isolate of [1, 2, 3]) expected.add(isolate, MEMORY_MB, claim);
  expected.drop(1);
  assert.is(await expected.take(2, 2 * MEMORY_MB), undefined);
  expected.close();
  assert.is(expected.size, 0);
  await eventually(
    () => made.length === 3 && made.every(({ isolate }) => isolate.isDisposed),
    "3 spares ended",
  );
});

test("ExpectedSpares gives nothing that V8 ended meanwhile, and tells who comes why there is none", async () => {
  const { made, claim } = claims();
  const expected = new ExpectedSpares();
  expected.add(1, MEMORY_MB, claim);
  await eventually(() => made.length === 1, "a spare");
  made[0]!.isolate.dispose();
  assert.is(await expected.take(1, MEMORY_MB), undefined);
  expected.add(2, MEMORY_MB, async () => await Promise.reject(new Error("none")));
  const failure: unknown = await expected.take(2, MEMORY_MB).catch((error: unknown) => error);
  assert.is((failure as Error).message, "none");
});

test("ExpectedSpares takes no more than a host can mean, and one for each isolate", () => {
  let asked = 0;
  const expected = new ExpectedSpares();
  for (let round = 0; round < 2; round++)
    for (let isolate = 0; isolate < 1_000; isolate++)
      expected.add(isolate, MEMORY_MB, () => {
        asked++;
        return new Promise(() => {});
      });
  assert.is(asked, 64);
});

test.run();
