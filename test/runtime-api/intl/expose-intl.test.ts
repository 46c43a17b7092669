import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadImage } from "../../../src/isolate/image.ts";
import { makeSpare } from "../../../src/isolate/spare.ts";

async function inImage<T>(memoryMb: number, code: string): Promise<{ value: T; externalBytes: number }> {
  const spare = await makeSpare(await loadImage({}), { memoryMb });
  try {
    const value = (await spare.context.eval(`JSON.stringify((() => { ${code} })())`)) as string;
    const { externally_allocated_size: externalBytes } = await spare.isolate.getHeapStatistics();
    return { value: JSON.parse(value) as T, externalBytes };
  } finally {
    spare.isolate.dispose();
  }
}

test("exposeIntl counts what ICU takes, and refuses with a RangeError what the isolate cannot hold", async () => {
  const { value } = await inImage<[number, string, string]>(
    32,
    `const all = [];
     try { for (let i = 0; i < 20_000; i++) all.push(new Intl.DateTimeFormat("en", { timeZone: "Asia/Tokyo" })); }
     catch (error) { const made = all.length; all.length = 0; return [made, error.name, error.message]; }
     return [all.length, "", ""];`,
  );
  const [made, name, message] = value;
  assert.is(name, "RangeError");
  assert.is(message, "Intl objects would take more memory than the isolate has");
  assert.ok(made > 300 && made < 1_200, `${made}`);
});

test("exposeIntl lets objects that nobody holds go", async () => {
  const { value } = await inImage<number>(
    32,
    `let n = 0;
     for (; n < 3_000; n++) new Intl.DateTimeFormat("en", { dateStyle: "full" }).format(0);
     return n;`,
  );
  assert.is(value, 3_000);
});

test("exposeIntl counts each kind of object, and the text that a Segmenter cuts", async () => {
  const kept = `const keep = (globalThis.keep = []); for (let i = 0; i < 100; i++) keep.push(MAKE); return keep.length;`;
  const makers: Record<string, number> = {
    "new Intl.Collator()": 3_000,
    "Intl.NumberFormat()": 2_000,
    "new Intl.DisplayNames('en', { type: 'region' })": 2_500,
    "new Intl.RelativeTimeFormat()": 9_000,
    "segmenter.segment('x'.repeat(50_000))": 120_000,
  };
  for (const [make, bytes] of Object.entries(makers)) {
    const nothing = await inImage(64, `const segmenter = new Intl.Segmenter(); return 0`);
    const { externalBytes } = await inImage(
      64,
      `const segmenter = new Intl.Segmenter(); ${kept.replace("MAKE", make)}`,
    );
    assert.ok(externalBytes - nothing.externalBytes >= bytes * 100, `${make}: ${externalBytes}`);
  }
});

test("exposeIntl leaves Intl as it was to whoever looks", async () => {
  const { value } = await inImage<unknown>(
    64,
    `const { DateTimeFormat, NumberFormat, Segmenter } = Intl;
     class Mine extends NumberFormat { own() { return this.format(1.5); } }
     const descriptor = Object.getOwnPropertyDescriptor(Intl, "Collator");
     const segments = new Segmenter("en", { granularity: "word" }).segment("two words");
     let thrown;
     try { Segmenter("en"); } catch (error) { thrown = error.name; }
     return [
       DateTimeFormat.name, DateTimeFormat.length, DateTimeFormat.prototype.constructor === DateTimeFormat,
       DateTimeFormat("en", { timeZone: "UTC" }).format(0), NumberFormat("de").format(1234.5),
       new Mine("de").own(), new Mine() instanceof Intl.NumberFormat,
       descriptor.enumerable, descriptor.writable, descriptor.configurable,
       NumberFormat.supportedLocalesOf(["de", "xx"]),
       [...segments].map(({ segment }) => segment), [...segments].length,
       segments[Symbol.iterator].name, Segmenter.prototype.segment.name, thrown, Object.keys(globalThis).includes("Intl"),
       String(Intl), new Date(0).toLocaleDateString("de", { timeZone: "UTC" }),
     ];`,
  );
  assert.equal(value, [
    "DateTimeFormat",
    0,
    true,
    "1/1/1970",
    "1.234,5",
    "1,5",
    true,
    false,
    true,
    true,
    ["de"],
    ["two", " ", "words"],
    3,
    "[Symbol.iterator]",
    "segment",
    "TypeError",
    false,
    "[object Intl]",
    "1.1.1970",
  ]);
});

test.run();
