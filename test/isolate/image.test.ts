import { test } from "uvu";
import * as assert from "uvu/assert";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PARTS } from "../../runtime-api/contract/parts.ts";
import { buildImage } from "../../src/isolate/image-script.ts";
import { loadImage } from "../../src/isolate/image.ts";
import { readSealed, writeSealed } from "../../src/isolate/sealed-file.ts";
import { makeSpare } from "../../src/isolate/spare.ts";

async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "skerry-image-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

test("loadImage() keeps bundle and code cache for the next start", async () => {
  await using cache = await folder();
  const first = await loadImage({ cacheFolder: cache.path });
  const kept = await readdir(cache.path);
  assert.is(kept.length, 2);
  const times = await Promise.all(kept.map(async (name) => (await stat(join(cache.path, name))).mtimeMs));
  const second = await loadImage({ cacheFolder: cache.path });
  assert.is(second.script, first.script);
  assert.is(second.codeCache?.copy().byteLength, first.codeCache?.copy().byteLength);
  assert.equal(
    await Promise.all(kept.map(async (name) => (await stat(join(cache.path, name))).mtimeMs)),
    times,
  );
  // One-byte, so that it takes half the memory.
  assert.match(first.script, /^[\0-\x7f]*$/);
});

test("loadImage() makes anew what was tampered with", async () => {
  await using cache = await folder();
  const first = await loadImage({ cacheFolder: cache.path });
  for (const name of await readdir(cache.path)) {
    const bytes = await readFile(join(cache.path, name));
    bytes[bytes.length - 100]! ^= 1;
    await writeFile(join(cache.path, name), bytes);
    assert.is(await readSealed(join(cache.path, name)), undefined);
  }
  const second = await loadImage({ cacheFolder: cache.path });
  assert.is(second.script, first.script);
  const spare = await makeSpare(second, { memoryMb: 32 });
  spare.isolate.dispose();
});

test("readSealed() refuses a file that others may write", async () => {
  await using cache = await folder();
  const file = join(cache.path, "x");
  await writeSealed(file, new Uint8Array([1, 2, 3]));
  assert.equal(await readSealed(file), new Uint8Array([1, 2, 3]));
  await chmod(file, 0o666);
  assert.is(await readSealed(file), undefined);
});

test("buildImage() writes the script whose value is the runtime's boot function, and its parts", async () => {
  await using out = await folder();
  await buildImage(join(out.path, "dist"));
  const script = await readFile(join(out.path, "dist", "image.js"), "utf8");
  const parts = JSON.parse(await readFile(join(out.path, "dist", "image-parts.json"), "utf8")) as Record<
    string,
    string
  >;
  for (const name of PARTS) assert.ok(parts[name]!.includes("skerryPart"));
  const spare = await makeSpare({ script, parts, codeCache: undefined }, { memoryMb: 32 });
  const context = spare.context;
  // Nothing of the bundle but the web's own names is in the global scope.
  assert.is(await context.eval("typeof skerryRuntime"), "undefined");
  assert.is(await context.eval("typeof Response + typeof URLPattern"), "functionfunction");
  spare.isolate.dispose();
});

test.run();
