import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { IndexedCache } from "../../src/storage/indexed-cache.ts";
import { openCacheFolder } from "../../src/storage/open-cache.ts";
import { headOf, keyOf, look, NOW, ROOMY, store, STORES, weigh } from "./cache-rig.ts";
import { tempFolder } from "./temp-folder.ts";

const LARGE = 200_000;

async function code(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "no error",
    (error: { code?: string }) => error.code ?? String(error),
  );
}

for (const [kind, open] of Object.entries(STORES)) {
  const each = (title: string, body: (cache: IndexedCache, folder: string) => Promise<void>): void => {
    test(`${title} (${kind})`, async () => {
      using folder = tempFolder();
      const path = join(folder.path, "cache");
      const cache = open(path);
      try {
        await body(cache, path);
      } finally {
        await cache.close();
      }
    });
  };

  each(
    "a cache gives back what was stored, small and large, and nothing of another account",
    async (cache) => {
      for (const size of [0, 1, 64 * 1024, 64 * 1024 + 1, LARGE]) {
        await store(cache, keyOf(`k${size}`), size, 7);
        assert.equal(await look(cache, keyOf(`k${size}`)), { size, fill: size === 0 ? -1 : 7 });
        assert.is(await look(cache, keyOf(`k${size}`, "other")), null);
      }
      const reading = await cache.find(keyOf(`k${LARGE}`), "", NOW);
      assert.equal(
        [reading?.status, reading?.statusText, reading?.headers],
        [200, "OK", "content-type\ntext/plain"],
      );
      assert.equal([...(await reading!.read(LARGE - 2, 2))], [7, 7]);
      reading!.release();
    },
  );

  each("a response without a body is told from one with an empty body", async (cache) => {
    const writing = cache.write("acme", ROOMY);
    await writing.commit(keyOf("none"), headOf({ status: 204 }), false);
    assert.is((await cache.find(keyOf("none"), "", NOW))?.sizeBytes, null);
    await store(cache, keyOf("empty"), 0, 0);
    assert.is((await cache.find(keyOf("empty"), "", NOW))?.sizeBytes, 0);
  });

  each("a list has the fresh responses of a cache, or of a URL, in the order of storing", async (cache) => {
    const named = (text: string) => keyOf(text, "acme", ":n");
    const put = (text: string, more: Parameters<typeof headOf>[0] = {}) =>
      store(cache, named(text), 1, 1, { head: { url: text, ...more } });
    await put("b?2");
    await put("a", { vary: [["x", "1"]] });
    await put("a", { vary: [["x", null]] });
    await put("gone", { expiresMs: NOW });
    await store(cache, keyOf("a"), 1, 1);
    await store(cache, keyOf("a", "other", ":n"), 1, 1);
    const list = async (key: string | null, headers: string | null) => {
      const selection = { ...named(""), key: key === null ? null : named(key).key };
      const { entries, next } = await cache.list(selection, headers, 0, NOW);
      assert.is(next, 0);
      return entries.map(({ url, vary }) => `${url} ${vary[0]?.[1] ?? "-"}`);
    };
    assert.equal(await list(null, null), ["b?2 -", "a 1", "a -"]);
    assert.equal(await list("a", "x\n1"), ["a 1"]);
    assert.equal(await list("a", null), ["a 1", "a -"]);
    assert.equal(await list("c", null), []);
    const [first] = (await cache.list({ ...named("a") }, null, 0, NOW)).entries;
    assert.is((await weigh(await cache.read(named("a"), first!.id, NOW)))?.fill, 1);
    for (const key of [named("b?2"), keyOf("a"), keyOf("a", "other", ":n")])
      assert.is(await cache.read(key, first!.id, NOW), null, "an id means nothing beside another key");
  });

  each("a list comes in parts: of so many entries, and of so many characters", async (cache) => {
    const all = { ...keyOf("", "acme", ":n"), key: null };
    for (let i = 0; i < 260; i++) await store(cache, keyOf(`k${i}`, "acme", ":n"), 1, 1);
    const first = await cache.list(all, null, 0, NOW);
    const second = await cache.list(all, null, first.next, NOW);
    assert.equal([first.entries.length, second.entries.length, second.next], [250, 10, 0]);
    const long = { ...keyOf("", "acme", ":long"), key: null };
    for (let i = 0; i < 20; i++)
      await store(cache, keyOf(`k${i}`, "acme", ":long"), 1, 1, { head: { url: "x".repeat(16_000) } });
    const part = await cache.list(long, null, 0, NOW);
    const rest = await cache.list(long, null, part.next, NOW);
    assert.equal([part.entries.length, rest.entries.length, rest.next], [16, 4, 0]);
  });

  each("names of caches are listed while they hold something; a cache goes as a whole", async (cache) => {
    for (const name of ["", ":b", ":a", ":"])
      for (let i = 0; i < 3; i++) await store(cache, keyOf(`k${i}`, "acme", name), LARGE, 1);
    for (let i = 0; i < 600; i++) await store(cache, keyOf(`k${i}`, "acme", ":many"), 1, 1);
    await store(cache, keyOf("k", "other", ":theirs"), 1, 1);
    assert.equal(await cache.names("acme", ""), { names: [":", ":a", ":b", ":many"], more: false });
    assert.equal(await cache.names("acme", ":a"), { names: [":b", ":many"], more: false });
    const drop = (name: string) => cache.delete({ account: "acme", cache: name, key: null }, null, NOW);
    assert.equal([await drop(":a"), await drop(":a"), await drop(":many")], [true, false, true]);
    assert.equal(await cache.names("acme", ""), { names: [":", ":b"], more: false });
    assert.is((await look(cache, keyOf("k1")))?.fill, 1);
    assert.equal(await cache.names("other", ""), { names: [":theirs"], more: false });
  });

  each("a question may ignore queries and Vary, and go to all caches with a name", async (cache) => {
    const key = (path: string, query: string, name: string) => ({
      ...keyOf("", "acme", name),
      key: new TextEncoder().encode(path.padEnd(16, ".") + query.padEnd(16, ".")),
    });
    await store(cache, key("p", "q", ":n"), 1, 1, { head: { vary: [["x", "1"]] } });
    await store(cache, key("o", "q", ":n"), 1, 2);
    const fill = async (asked: ReturnType<typeof key>, latitude: object) =>
      (await weigh(await cache.find(asked, "", NOW, latitude)))?.fill;
    assert.is(await fill(key("p", "q", ":n"), {}), undefined);
    assert.is(await fill(key("p", "q", ":n"), { ignoreVary: true }), 1);
    assert.is(await fill(key("p", "", ":n"), { ignoreVary: true }), undefined);
    assert.is(await fill(key("p", "", ":n"), { ignoreVary: true, ignoreSearch: true }), 1);
    assert.is(await fill(key("o", "q", ""), {}), undefined);
    assert.is(await fill(key("o", "q", ""), { anyNamed: true }), 2);
    await store(cache, key("d", "", ""), 1, 3);
    assert.is(await fill(key("d", "", ":n"), { anyNamed: true }), undefined, "the default cache has no name");
    assert.is(await cache.delete({ ...key("p", "x", ":n"), ignoreSearch: true }, null, NOW), true);
    assert.is(await fill(key("p", "q", ":n"), { ignoreVary: true }), undefined);
    assert.is(await fill(key("o", "q", ":n"), {}), 2);
  });

  each("what has expired is not found, and a sweep removes it with its file", async (cache, folder) => {
    await store(cache, keyOf("k"), LARGE, 1, { head: { expiresMs: NOW + 10 } });
    await store(cache, keyOf("old"), LARGE, 1, { head: { expiresMs: NOW } });
    assert.is((await look(cache, keyOf("k"), NOW + 9))?.fill, 1);
    assert.is(await look(cache, keyOf("k"), NOW + 10), null);
    await cache.sweep();
    if (kind === "folder") await until(() => readdirSync(join(folder, "bodies")).length === 1);
  });

  each(
    "variants stand beside each other; the newest that fits is found, and delete takes all",
    async (cache) => {
      const vary = (value: string | null) => ({ head: { vary: [["accept-language", value]] as const } });
      await store(cache, keyOf("k"), 10, 1, vary("de"));
      await store(cache, keyOf("k"), 10, 2, vary("en"));
      await store(cache, keyOf("k"), 10, 3, vary(null));
      const fill = async (headers: string): Promise<number | undefined> =>
        (await look(cache, keyOf("k"), NOW, headers))?.fill;
      assert.is(await fill("Accept-Language\nde"), 1);
      assert.is(await fill("accept-language\nen"), 2);
      assert.is(await fill("accept\n*/*"), 3);
      assert.is(await fill("accept-language\nfr"), undefined);
      await store(cache, keyOf("k"), 10, 4, vary("de"));
      assert.is(await fill("accept-language\nde"), 4);
      for (let i = 0; i < 40; i++) await store(cache, keyOf("k"), 1, 9, vary(`x${i}`));
      assert.is(await fill("accept-language\nde"), undefined, "variants of one URL are bounded");
      assert.is(await cache.delete(keyOf("k"), null, NOW), true);
      assert.is(await fill("accept-language\nx39"), undefined);
      assert.is(await cache.delete(keyOf("k"), null, NOW), false);
    },
  );

  each("delete may leave the variants that do not fit, and goes on where there are many", async (cache) => {
    const vary = (value: string) => ({ head: { vary: [["accept-language", value]] as const } });
    await store(cache, keyOf("k"), 10, 1, vary("de"));
    await store(cache, keyOf("k"), 10, 2, vary("en"));
    assert.is(await cache.delete(keyOf("k"), "accept-language\nfr", NOW), false);
    assert.is(await cache.delete(keyOf("k"), "accept-language\nde", NOW), true);
    assert.is(await look(cache, keyOf("k"), NOW, "accept-language\nde"), null);
    assert.is((await look(cache, keyOf("k"), NOW, "accept-language\nen"))?.fill, 2);
    for (let i = 0; i < 600; i++) await store(cache, keyOf(`k${i}`), 1, 3);
    const all = { account: "acme", cache: "", key: null };
    assert.is(await cache.delete(all, "accept-language\nde", NOW), true);
    assert.is((await cache.list(all, null, 0, NOW)).entries.length, 1);
  });

  each("what was used least recently goes when an account is over its bytes", async (cache) => {
    const quota = { accountBytes: 3 * LARGE };
    await store(cache, keyOf("a"), LARGE, 1, { quota });
    await store(cache, keyOf("b"), LARGE, 2, { quota });
    await store(cache, keyOf("other", "other"), LARGE, 3, { quota });
    assert.is((await look(cache, keyOf("a")))?.fill, 1);
    await store(cache, keyOf("c"), LARGE, 4, { quota });
    assert.is(await look(cache, keyOf("b")), null, "b was used before a");
    assert.equal([(await look(cache, keyOf("a")))?.fill, (await look(cache, keyOf("c")))?.fill], [1, 4]);
    assert.is((await look(cache, keyOf("other", "other")))?.fill, 3, "the other account has its own room");
  });

  each("entries are bounded too, thousands of small ones included", async (cache) => {
    const quota = { accountEntries: 20 };
    for (let i = 0; i < 200; i++) await store(cache, keyOf(`k${i}`), 10, 1, { quota });
    let found = 0;
    for (let i = 0; i < 200; i++) if ((await look(cache, keyOf(`k${i}`))) !== null) found++;
    assert.is(found, 20);
  });

  each("when the whole store is full the account with the most gives way", async (cache) => {
    const quota = { totalBytes: 4 * LARGE };
    await store(cache, keyOf("small", "modest"), LARGE, 1, { quota });
    for (let i = 0; i < 6; i++) await store(cache, keyOf(`k${i}`, "greedy"), LARGE, 2, { quota });
    assert.is((await look(cache, keyOf("small", "modest")))?.fill, 1);
    assert.is(await look(cache, keyOf("k0", "greedy")), null);
    assert.is((await look(cache, keyOf("k5", "greedy")))?.fill, 2);
  });

  each(
    "bodies under way are bounded by the account's bytes, and leave nothing when they end early",
    async (cache, folder) => {
      const quota = { ...ROOMY, accountBytes: LARGE };
      const first = cache.write("acme", quota);
      await first.write(new Uint8Array(LARGE - 10));
      const second = cache.write("acme", quota);
      assert.is(await code(second.write(new Uint8Array(11))), "CACHE_FULL");
      await second.abort();
      await store(cache, keyOf("k", "other"), 11, 1, { quota });
      await first.abort();
      await store(cache, keyOf("k"), 11, 1, { quota });
      if (kind === "folder") assert.equal(readdirSync(join(folder, "bodies")), []);
    },
  );

  each("many small bodies under way are bounded by what they take of the memory", async (cache) => {
    const writings = Array.from({ length: 1_100 }, () => cache.write("acme", ROOMY));
    let full = 0;
    for (const writing of writings)
      if ((await code(writing.write(new Uint8Array(64 * 1024)))) === "CACHE_FULL") full++;
    assert.is(full, 1_100 - 1_024);
    await store(cache, keyOf("k", "other"), 10, 1);
    for (const writing of writings) await writing.abort();
    // Large ones are in memory for one block only.
    await store(cache, keyOf("k"), 80 * 1024 ** 2, 1);
    const found = await cache.find(keyOf("k"), "", NOW);
    assert.is(found?.sizeBytes, 80 * 1024 ** 2);
    found?.release();
  });

  each("any number of large bodies is written at once: a slow one holds up no other", async (cache) => {
    const writings = Array.from({ length: 300 }, () => cache.write("acme", ROOMY));
    const half = new Uint8Array(70_000).fill(5);
    for (const writing of writings) await writing.write(half);
    await Promise.all(writings.map((writing) => writing.write(half)));
    await Promise.all(writings.map((writing, i) => writing.commit(keyOf(`k${i}`), headOf(), true)));
    for (let i = 0; i < 300; i += 50)
      assert.equal(await look(cache, keyOf(`k${i}`)), { size: 140_000, fill: 5 });
  });

  each(
    "a reader of a body that was replaced or deleted reads the old one to its end",
    async (cache, folder) => {
      await store(cache, keyOf("k"), LARGE, 1);
      const before = await cache.find(keyOf("k"), "", NOW);
      await store(cache, keyOf("k"), LARGE, 2);
      const middle = await cache.find(keyOf("k"), "", NOW);
      await cache.delete(keyOf("k"), null, NOW);
      assert.equal(await weigh(before), { size: LARGE, fill: 1 });
      assert.equal(await weigh(middle), { size: LARGE, fill: 2 });
      // What is kept for readers counts as under way.
      const quota = { accountBytes: 3 * LARGE };
      assert.is(await code(store(cache, keyOf("k"), 2 * LARGE, 3, { quota })), "CACHE_FULL");
      before!.release();
      before!.release();
      middle!.release();
      await store(cache, keyOf("k"), 2 * LARGE, 3, { quota });
      if (kind === "folder") await until(() => readdirSync(join(folder, "bodies")).length === 1);
    },
  );

  each("puts, matches and deletes at once never show a torn body", async (cache) => {
    const quota = { accountBytes: 4 * LARGE };
    const lanes = Array.from({ length: 8 }, async (_, lane) => {
      for (let i = 0; i < 15; i++) {
        const key = keyOf(`k${i % 3}`);
        if (lane % 4 === 0) await store(cache, key, LARGE + i, i, { quota }).catch(onlyFull);
        else if (lane === 1 && i % 5 === 4) await cache.delete(key, null, NOW);
        else await look(cache, key);
      }
    });
    await Promise.all(lanes);
  });
}

function onlyFull(error: { code?: string }): void {
  if (error.code !== "CACHE_FULL") throw error;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 12_000 && !holds(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(holds());
}

test("a cache in a folder keeps its entries over a restart, and their order of use", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "cache");
  const quota = { accountBytes: 3 * LARGE };
  const first = openCacheFolder(path, () => NOW);
  await store(first, keyOf("a"), LARGE, 1, { quota });
  await store(first, keyOf("b"), LARGE, 2, { quota });
  await store(first, keyOf("small"), 10, 3, { quota });
  await look(first, keyOf("a"));
  await first.close();
  const second = openCacheFolder(path, () => NOW);
  assert.equal(await look(second, keyOf("small")), { size: 10, fill: 3 });
  await store(second, keyOf("c"), LARGE, 4, { quota });
  assert.is(await look(second, keyOf("b")), null);
  assert.equal(await look(second, keyOf("a")), { size: LARGE, fill: 1 });
  await second.close();
});

test("a start removes bodies without an entry, and entries without their body", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "cache");
  const bodies = join(path, "bodies");
  const first = openCacheFolder(path, () => NOW);
  await store(first, keyOf("kept"), LARGE, 1);
  await store(first, keyOf("lost"), LARGE, 2);
  const [, lost = ""] = readdirSync(bodies).sort();
  await first.close();
  rmSync(join(bodies, lost));
  for (const orphan of ["0123-1", "0123-2.part"]) writeFileSync(join(bodies, orphan), "left behind");
  const second = openCacheFolder(path, () => NOW);
  assert.is(await look(second, keyOf("lost")), null);
  assert.equal(await look(second, keyOf("kept")), { size: LARGE, fill: 1 });
  assert.is(readdirSync(bodies).length, 1);
  await second.close();
});

test("a damaged index, or one of another version, is thrown away", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "cache");
  const first = openCacheFolder(path, () => NOW);
  await store(first, keyOf("k"), LARGE, 1);
  await first.close();
  writeFileSync(join(path, "index.db"), "this is no database, and long enough to be read as one".repeat(20));
  const second = openCacheFolder(path, () => NOW);
  assert.is(await look(second, keyOf("k")), null);
  await store(second, keyOf("k"), LARGE, 2);
  assert.equal(await look(second, keyOf("k")), { size: LARGE, fill: 2 });
  await second.close();
});

test("a body that is shorter than it should be fails to read, and is never filled up", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "cache");
  const cache = openCacheFolder(path, () => NOW);
  await store(cache, keyOf("k"), LARGE, 1);
  const [file = ""] = readdirSync(join(path, "bodies"));
  truncateSync(join(path, "bodies", file), 1_000);
  assert.is(await code(look(cache, keyOf("k"))), "STORAGE_UNAVAILABLE");
  await cache.close();
});

test("a folder that cannot be written refuses puts and nothing else", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "cache");
  const cache = openCacheFolder(path, () => NOW);
  await store(cache, keyOf("small"), 10, 1);
  rmSync(join(path, "bodies"), { recursive: true });
  writeFileSync(join(path, "bodies"), "in the way");
  assert.is(await code(store(cache, keyOf("large"), LARGE, 1)), "STORAGE_UNAVAILABLE");
  assert.equal(await look(cache, keyOf("small")), { size: 10, fill: 1 });
  await cache.close();
  assert.is(await code(look(cache, keyOf("small"))), "STORAGE_CLOSED");
});

test("a cache in a folder makes nothing before something is stored", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "cache");
  await openCacheFolder(path).close();
  assert.is(existsSync(path), false);
});

test.run();
