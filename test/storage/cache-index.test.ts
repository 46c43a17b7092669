import { test } from "uvu";
import * as assert from "uvu/assert";
import { CacheIndex } from "../../src/storage/cache-index.ts";
import { openCacheDb } from "../../src/storage/cache-schema.ts";
import { openCacheFolder, openMemoryCache } from "../../src/storage/open-cache.ts";
import { VARY_CHARS } from "../../src/storage/cache-vary.ts";
import { headOf, keyOf, look, NOW, ROOMY, store } from "./cache-rig.ts";
import { tempFolder } from "./temp-folder.ts";

const NAMES = Array.from({ length: 400 }, (_, i) => `x-h${i}`);
const VARIANT_CHARS = JSON.stringify(varyOf(10)).length;
const HEADERS = Array.from({ length: 3_000 }, (_, i) => `q${i}\n${"v".repeat(25)}`).join("\n");

function query(i: number): string {
  return `0123456789abcdef${i}`;
}

function varyOf(value: number): (readonly [string, string])[] {
  return NAMES.map((name) => [name, `${name}-${value}`]);
}

function fill(index: CacheIndex, count: number, keyAt: (i: number) => string): void {
  for (let i = 0; i < count; i++)
    index.insert(
      {
        key: keyOf(keyAt(i)),
        head: headOf({ vary: varyOf(i + 10) }),
        sizeBytes: 0,
        file: null,
        body: null,
        quota: ROOMY,
      },
      i,
      [],
    );
}

/** How often texts as long as the request's headers are split, and how many characters are parsed, while `work` runs. */
function counted(work: () => void): { readonly splits: number; readonly parsedChars: number } {
  const { split } = String.prototype;
  const { parse } = JSON;
  let splits = 0;
  let parsedChars = 0;
  // oxlint-disable-next-line no-extend-native -- counts what is done, for the time of one call
  String.prototype.split = function (this: string, ...args: unknown[]): string[] {
    if (this.length === HEADERS.length) splits++;
    return Reflect.apply(split, this, args) as string[];
  };
  JSON.parse = (text: string): unknown => {
    parsedChars += text.length;
    return Reflect.apply(parse, JSON, [text]);
  };
  try {
    work();
  } finally {
    // oxlint-disable-next-line no-extend-native -- puts it back
    String.prototype.split = split;
    JSON.parse = parse;
  }
  return { splits, parsedChars };
}

test("CacheIndex.find takes a request's headers apart once, however many variants there are", () => {
  const index = new CacheIndex(openCacheDb(":memory:"));
  fill(index, 32, () => "one");
  const { splits } = counted(() => assert.is(index.find(keyOf("one"), HEADERS, NOW, {}), null));
  assert.is(splits, 1);
  const own = varyOf(10).flat().join("\n");
  assert.ok(index.find(keyOf("one"), own, NOW, {}) !== null);
  index.close();
});

test("CacheIndex looks at a bounded number of characters of what responses vary by, whatever is asked", () => {
  const index = new CacheIndex(openCacheDb(":memory:"));
  fill(index, 300, query);
  assert.ok(300 * VARIANT_CHARS > 4 * VARY_CHARS);
  const most = VARY_CHARS + VARIANT_CHARS;
  const where = keyOf(query(0));
  const selection = { ...where, ignoreSearch: true };
  for (const ask of [
    () => void index.find(where, HEADERS, NOW, { ignoreSearch: true }),
    () => void index.listing.list(selection, HEADERS, 0, NOW),
    () => void index.remove(selection, HEADERS, NOW, 0),
  ]) {
    const { splits, parsedChars } = counted(ask);
    assert.is(splits, 1);
    assert.ok(parsedChars > VARY_CHARS / 2 && parsedChars <= most, `${parsedChars} characters`);
  }
  index.close();
});

test("CacheIndex lists what fits though it stands behind more than one part looks at", () => {
  const index = new CacheIndex(openCacheDb(":memory:"));
  fill(index, 200, query);
  const selection = { ...keyOf(query(0)), ignoreSearch: true };
  const own = varyOf(199 + 10)
    .flat()
    .join("\n");
  let parts = 0;
  let found = 0;
  for (let after = 0; ;) {
    const { entries, next } = index.listing.list(selection, own, after, NOW);
    parts++;
    found += entries.length;
    if (next === 0) break;
    assert.ok(next > after);
    after = next;
  }
  assert.is(found, 1);
  assert.is(parts, Math.ceil(200 / Math.ceil(VARY_CHARS / VARIANT_CHARS)));
  index.close();
});

for (const kind of ["memory", "folder"])
  test(`a cache tells what each account made its index do, and nothing of the host's own (${kind})`, async () => {
    using folder = tempFolder();
    const spent: [account: string, cpuUs: number][] = [];
    const hear = (account: string, cpuUs: number): void => void spent.push([account, cpuUs]);
    const cache =
      kind === "memory" ? openMemoryCache(() => NOW, hear) : openCacheFolder(folder.path, () => NOW, hear);
    await store(cache, keyOf("a", "one"), 10, 1);
    assert.ok((await look(cache, keyOf("a", "one"))) !== null);
    assert.is(await look(cache, keyOf("a", "two")), null);
    await cache.sweep();
    await cache.close();
    assert.equal(
      spent.map(([account]) => account),
      ["one", "one", "two"],
    );
    assert.ok(spent.every(([, cpuUs]) => Number.isFinite(cpuUs) && cpuUs >= 0));
    assert.ok(spent.some(([, cpuUs]) => cpuUs > 0));
  });

test.run();
