import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AssetStore } from "../../src/storage/asset-store.ts";
import { FileAssets } from "../../src/storage/file-assets.ts";
import { MemoryAssets } from "../../src/storage/memory-assets.ts";
import { tempFolder } from "./temp-folder.ts";

const NAME = `c00000003-${"a".repeat(32)}`;
const BYTES = new TextEncoder().encode("abc");

async function bothWrite(store: AssetStore): Promise<boolean[]> {
  const gate = Promise.withResolvers<void>();
  const pieces = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield BYTES;
    await gate.promise;
  };
  const writes = [1, 2, 3, 4].map(() => store.write("acme", pieces(), () => NAME));
  await setImmediate();
  gate.resolve();
  return (await Promise.all(writes)).map(({ isNew }) => isNew);
}

test("of several writes of one piece at once, one is the first", async () => {
  using folder = tempFolder();
  for (const store of [new FileAssets(folder.path), new MemoryAssets()]) {
    assert.is((await bothWrite(store)).filter(Boolean).length, 1);
    assert.equal(await store.list("acme"), [NAME]);
  }
});

test("FileAssets takes pieces again once its folder can be used again", async () => {
  using folder = tempFolder();
  const path = join(folder.path, "assets");
  writeFileSync(path, "in the way");
  const store = new FileAssets(path);
  const write = (): Promise<{ isNew: boolean }> => store.write("acme", [BYTES], () => NAME);
  const failed = await write().then(
    () => false,
    () => true,
  );
  assert.ok(failed);
  rmSync(path);
  assert.is((await write()).isNew, true);
});

test("FileAssets.removeUnused leaves a piece that is being touched, and tells only of what it removed", async () => {
  using folder = tempFolder();
  const store = new FileAssets(folder.path);
  await store.write("acme", [BYTES], () => NAME);
  const soon = Date.now() + 60_000;
  // The touch is on its way when the piece is looked at.
  const [touched, removed] = await Promise.all([
    store.touch("acme", NAME),
    store.removeUnused("acme", NAME, soon),
  ]);
  assert.equal([touched, removed], [true, false]);
  utimesSync(join(folder.path, "acme", "aa", NAME), 1, 1);
  assert.is(await store.removeUnused("acme", NAME, soon), true);
  assert.is(await store.removeUnused("acme", NAME, soon), false);
  assert.is(await store.touch("acme", NAME), false);
});

test.run();
