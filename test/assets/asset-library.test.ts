import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AssetLibrary } from "../../src/assets/asset-library.ts";
import { assetBounds, type AssetOptions } from "../../src/assets/asset-options.ts";
import { Manifest } from "../../src/assets/manifest.ts";
import { readPiece } from "../../src/assets/read-piece.ts";
import type { StoredAssets } from "../../src/assets/stored-assets.ts";
import type { AssetStore } from "../../src/storage/asset-store.ts";
import { FileAssets } from "../../src/storage/file-assets.ts";
import { MemoryAssets } from "../../src/storage/memory-assets.ts";
import { tempFolder } from "../storage/temp-folder.ts";

const A = "a".repeat(32);
const B = "b".repeat(32);
const encoder = new TextEncoder();

interface Rig {
  readonly store: AssetStore;
  readonly library: AssetLibrary;
  /** What versions name. */
  readonly named: Set<string>;
  nowMs: number;
}

function rig(open: (now: () => number) => AssetStore, options: AssetOptions = {}): Rig {
  const named = new Set<string>();
  const clock = { nowMs: 1_800_000_000_000 };
  const now = (): number => clock.nowMs;
  const store = open(now);
  const library = new AssetLibrary({
    store,
    bounds: () => assetBounds(true, options),
    named: () => [...named],
    now,
  });
  return Object.assign(clock, { store, library, named });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "done",
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );
}

async function find(
  { store }: Rig,
  account: string,
  { manifest }: StoredAssets,
  path: string,
): Promise<unknown> {
  return new Manifest((await readPiece(store, account, manifest))!).find(path);
}

// Each test runs on files and in memory.
function both(title: string, body: (rig: Rig) => Promise<void>, options: AssetOptions = {}): void {
  test(`AssetLibrary in memory: ${title}`, async () => {
    await body(rig((now) => new MemoryAssets(now), options));
  });
  test(`AssetLibrary on files: ${title}`, async () => {
    using folder = tempFolder();
    await body(rig((now) => new FileAssets(folder.path, now), options));
  });
}

both("missing tells of contents until they are put, each account by itself", async ({ library }) => {
  const files = {
    "/a.txt": { hash: A, sizeBytes: 3 },
    "/b.txt": { hash: B, sizeBytes: 0 },
    "/c.txt": { hash: A, sizeBytes: 3 },
  };
  assert.equal((await library.missing("acme", files)).toSorted(), [A, B]);
  assert.equal(await library.put("acme", A, encoder.encode("abc"), "text/plain"), { sizeBytes: 3 });
  assert.equal(await library.missing("acme", files), [B]);
  assert.equal((await library.missing("other", files)).toSorted(), [A, B]);
});

both("a content that was cut short is another one, and stays missing", async ({ library }) => {
  await library.put("acme", A, encoder.encode("ab"), "text/plain");
  assert.equal(await library.missing("acme", { "/a": { hash: A, sizeBytes: 3 } }), [A]);
  const files = { "/a": { hash: A, sizeBytes: 3 } };
  assert.match(await codeOf(library.publish("acme", files, {})), /^INVALID_ASSETS: content a+ of 3 bytes/);
});

both("publish keeps which file has which content, size and type", async (all) => {
  const { library } = all;
  await library.put("acme", A, encoder.encode("abc"), "text/html; charset=utf-8");
  await library.put("acme", B, encoder.encode("{}"), null);
  const files = {
    "/index.html": { hash: A, sizeBytes: 3 },
    "/ü/b": { hash: B, sizeBytes: 2 },
    "/copy.html": { hash: A, sizeBytes: 3 },
  };
  const stored = await library.publish("acme", files, { htmlHandling: "none", headers: "/*\n a: b" });
  assert.is(stored.fileCount, 3);
  assert.is(stored.sizeBytes, 8);
  assert.equal(stored.config, { htmlHandling: "none" });
  const index = { hash: A, sizeBytes: 3, contentType: "text/html; charset=utf-8" };
  assert.equal(await find(all, "acme", stored, "/index.html"), index);
  assert.equal(await find(all, "acme", stored, "/copy.html"), index);
  assert.equal(await find(all, "acme", stored, "/ü/b"), { hash: B, sizeBytes: 2, contentType: null });
  assert.is(await find(all, "acme", stored, "/nothing"), null);
  const other = await library.inherit("acme", stored, { notFoundHandling: "404-page" });
  assert.equal(other.config, { notFoundHandling: "404-page" });
  assert.equal(await find(all, "acme", other, "/index.html"), index);
  assert.equal(await library.inherit("acme", stored), stored);
});

both("inherit takes no list of files that is gone, with a config of its own or without", async (all) => {
  const { library } = all;
  const stored = await library.publish("acme", {}, {});
  all.nowMs += 3_600_001;
  assert.is(await library.sweep("acme"), 1);
  for (const config of [undefined, {}])
    assert.match(await codeOf(library.inherit("acme", stored, config)), /^INVALID_ASSETS: .* not there/);
});

both("inherit lets a list of files count as used", async (all) => {
  const { library } = all;
  const stored = await library.publish("acme", {}, {});
  all.nowMs += 3_600_001;
  await library.inherit("acme", stored);
  assert.is(await library.sweep("acme"), 0);
});

both("a stream that fails leaves nothing", async ({ library, store }) => {
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield encoder.encode("begin");
    throw new Error("the client went away");
  };
  await library.put("acme", A, failing(), null).catch(() => {});
  assert.equal(await store.list("acme"), []);
  assert.is(await library.usedBytes("acme"), 0);
});

both(
  "put holds to the sizes of file and account, and takes an account's room back from what nobody needs",
  async (all) => {
    const { library } = all;
    assert.match(
      await codeOf(library.put("acme", A, new Uint8Array(401), null)),
      /^INVALID_ASSETS: content a+ has more than the 400 bytes/,
    );
    await library.put("acme", A, new Uint8Array(400), null);
    assert.is(await library.usedBytes("acme"), 400 + 4_096);
    assert.match(await codeOf(library.put("acme", B, new Uint8Array(400), null)), /^ASSETS_FULL: /);
    assert.is(await library.usedBytes("acme"), 400 + 4_096);
    assert.is(await codeOf(library.put("other", B, new Uint8Array(400), null)), "done");
    all.nowMs += 3_600_001;
    assert.is(await codeOf(library.put("acme", B, new Uint8Array(400), null)), "done");
    assert.equal(await library.missing("acme", { "/a": { hash: A, sizeBytes: 400 } }), [A]);
  },
  { fileBytes: 400, accountBytes: 9_000 },
);

both("sweep removes what no version names, and what was asked for lately only later", async (all) => {
  const { library, named, store } = all;
  const [C, D] = ["c".repeat(32), "d".repeat(32)];
  for (const hash of [A, B, C]) await library.put("acme", hash, encoder.encode("abc"), null);
  const first = await library.publish("acme", { "/a": { hash: A, sizeBytes: 3 } }, {});
  const second = await library.publish("acme", { "/b": { hash: B, sizeBytes: 3 } }, {});
  named.add(first.manifest).add(second.manifest);
  assert.is(await library.sweep("acme"), 0);
  all.nowMs += 3_600_001;
  await library.put("acme", D, encoder.encode("abc"), null);
  assert.is(await library.sweep("acme"), 1);
  assert.equal(await library.missing("acme", { "/c": { hash: C, sizeBytes: 3 } }), [C]);
  named.delete(second.manifest);
  assert.is(await library.sweep("acme"), 2);
  assert.is((await store.list("acme")).length, 3);
  all.nowMs += 3_600_000;
  await library.missing("acme", { "/d": { hash: D, sizeBytes: 3 } });
  all.nowMs += 1;
  assert.is(await library.sweep("acme"), 0);
  assert.equal(await library.missing("acme", { "/a": { hash: A, sizeBytes: 3 } }), []);
});

both(
  "contents without bytes take room too",
  async ({ library, store }) => {
    const put = (digit: string): Promise<string> =>
      codeOf(library.put("acme", digit.repeat(32), new Uint8Array(), null));
    assert.equal([await put("0"), await put("1")], ["done", "done"]);
    assert.match(await put("2"), /^ASSETS_FULL: /);
    assert.is((await store.list("acme")).length, 2);
    assert.is(await library.usedBytes("acme"), 2 * 4_096);
  },
  { accountBytes: 10_000 },
);

both("sweeps at once take what went from the account's bytes once", async (all) => {
  const { library } = all;
  for (let at = 0; at < 20; at++)
    await library.put("acme", at.toString(16).padStart(32, "0"), encoder.encode("abc"), null);
  all.nowMs += 3_600_001;
  await library.put("acme", A, encoder.encode("abc"), null);
  const removed = await Promise.all([1, 2, 3].map(() => library.sweep("acme")));
  assert.equal(removed, [20, 20, 20]);
  assert.is(await library.usedBytes("acme"), 3 + 4_096);
  assert.is(await library.sweep("acme"), 0);
});

both("a sweep that fails half-way takes what went from the account's bytes", async (all) => {
  const { library, store } = all;
  for (const hash of [A, B]) await library.put("acme", hash, encoder.encode("abc"), null);
  all.nowMs += 3_600_001;
  const removeUnused = store.removeUnused.bind(store);
  let calls = 0;
  store.removeUnused = async (...piece) => {
    if (++calls === 2) throw new Error("the disk is gone");
    return await removeUnused(...piece);
  };
  assert.match(await codeOf(library.sweep("acme")), /the disk is gone$/);
  assert.is(await library.usedBytes("acme"), 3 + 4_096);
});

both(
  "a list that is pinned stays with what it names until the pin is let go",
  async (all) => {
    const { library } = all;
    await library.put("acme", A, encoder.encode("abc"), null);
    const stored = await library.publish("acme", { "/a": { hash: A, sizeBytes: 3 } }, {});
    all.nowMs += 5;
    {
      using first = library.pin("acme", stored);
      using second = library.pin("acme", stored);
      first[Symbol.dispose]();
      assert.ok(second);
      assert.is(await library.sweep("acme"), 0);
    }
    assert.is(await library.sweep("acme"), 2);
  },
  { unusedMs: 0 },
);

test("AssetLibrary.sweep removes nothing while a list that versions name cannot be read", async () => {
  using folder = tempFolder();
  const all = rig((now) => new FileAssets(folder.path, now));
  await all.library.put("acme", A, encoder.encode("abc"), null);
  all.named.add(`m00000010-${B}`);
  all.nowMs += 3_600_001;
  assert.match(await codeOf(all.library.sweep("acme")), /is missing$/);
  assert.equal(await all.library.missing("acme", { "/a": { hash: A, sizeBytes: 3 } }), []);
});

test("FileAssets removes at its start what was on its way, and keeps what is whole", async () => {
  using folder = tempFolder();
  const first = rig(() => new FileAssets(folder.path));
  await first.library.put("acme", A, encoder.encode("abc"), "text/plain");
  writeFileSync(join(folder.path, ".arriving", "half"), "ab");
  const again = rig(() => new FileAssets(folder.path));
  await again.library.put("acme", B, encoder.encode("x"), null);
  assert.equal(readdirSync(join(folder.path, ".arriving")), []);
  assert.equal(await again.library.missing("acme", { "/a": { hash: A, sizeBytes: 3 } }), []);
  const file = join(folder.path, "acme", "aa", `c00000003-${A}`);
  assert.ok(readFileSync(file).toString("latin1").endsWith("abc"));
});

test("AssetLibrary names what is wrong with files", async () => {
  const { library } = rig(() => new MemoryAssets(), { versionFiles: 20 });
  const good = { hash: A, sizeBytes: 1 };
  const wrong: readonly [files: Record<string, unknown>, text: RegExp][] = [
    [{ "a.txt": good }, /must begin with \//],
    [{ "/": good }, /must end in the name/],
    [{ "/a/": good }, /must end in the name/],
    [{ "/a//b": good }, /two slashes/],
    [{ "/../etc/passwd": good }, /no segments/],
    [{ "/a/./b": good }, /no segments/],
    [{ "/a/%2e%2E/b": good }, /no segments/],
    [{ "/a%2Fb": good }, /no encoded slash/],
    [{ "/a%5cb": good }, /no encoded slash/],
    [{ "/a\\b": good }, /no control characters and no backslashes/],
    [{ "/a\0b": good }, /no control characters/],
    [{ "/a\nb": good }, /no control characters/],
    [{ "/\ud800": good }, /well-formed/],
    [{ [`/${"ü".repeat(512)}`]: good }, /at most 1024 bytes/],
    [{ "/a": { hash: "xyz", sizeBytes: 1 } }, /hash is "xyz"/],
    [{ "/a": { hash: A.toUpperCase(), sizeBytes: 1 } }, /32 lower-case hex/],
    [{ "/a": { hash: A, sizeBytes: -1 } }, /sizeBytes is -1/],
    [{ "/a": { hash: A, sizeBytes: 25 * 1024 ** 2 + 1 } }, /0 to 26214400 bytes/],
    [{ "/a": { hash: A, sizeBytes: "1" } }, /sizeBytes is "1"/],
    [{ "/a": { hash: A, sizeBytes: { toString: 1 } } }, /sizeBytes is an object/],
    [{ "/a": null }, /hash is undefined/],
    [{ "/a": good, "/b": { hash: A, sizeBytes: 2 } }, /one hash is one content/],
    [Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`/${n}`, good])), /at most 20/],
  ];
  for (const [files, text] of wrong) {
    const said = await codeOf(library.missing("acme", files as never));
    assert.match(said, /^INVALID_ASSETS: /, JSON.stringify(files).slice(0, 100));
    assert.match(said, text);
  }
  for (const path of ["/[slug].html", "/%5Bslug%5D.html", "/a b/ü.txt", "/.well-known/x", "/..a", "/a..b/c"])
    assert.equal(await library.missing("acme", { [path]: good }), [A]);
});

test.run();
