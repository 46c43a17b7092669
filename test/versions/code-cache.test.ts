import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mostCodeCacheBytes } from "../../src/cell/protocol/frame-bounds.ts";
import { type CodeCacheOwner, createCodeCache } from "../../src/versions/code-cache.ts";
import { readHostSecret } from "../../src/versions/host-secret.ts";

const OWNER: CodeCacheOwner = { account: "a", isolation: "shared" };

async function dataFolder(): Promise<AsyncDisposable & { path: string; files: () => Promise<string[]> }> {
  const path = await mkdtemp(join(tmpdir(), "skerry-code-cache-"));
  return {
    path,
    files: async () =>
      (await readdir(join(path, "code-cache"))).map((file) => join(path, "code-cache", file)),
    [Symbol.asyncDispose]: async () => await rm(path, { recursive: true }),
  };
}

const bytes = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill);

test("load gives what was saved for the same script, and nothing for another of the same length", async () => {
  await using data = await dataFolder();
  for (const cache of [createCodeCache({ folder: data.path }), createCodeCache()]) {
    assert.is(await cache.load(OWNER, "let a"), undefined);
    await cache.save(OWNER, "let a", bytes(3));
    await cache.save(OWNER, "let é", bytes(2));
    assert.equal(await cache.load(OWNER, "let a"), bytes(3));
    assert.equal(await cache.load(OWNER, "let é"), bytes(2));
    assert.is(await cache.load(OWNER, "let b"), undefined);
    await cache.save(OWNER, "let a", bytes(5));
    assert.equal(await cache.load(OWNER, "let a"), bytes(5));
  }
});

test("load gives a later host of the same folder the cache, but not one of another engine", async () => {
  await using data = await dataFolder();
  await createCodeCache({ folder: data.path }).save(OWNER, "x", bytes(3));
  assert.equal(await createCodeCache({ folder: data.path }).load(OWNER, "x"), bytes(3));
  assert.is(
    await createCodeCache({ folder: data.path, engine: "14.7 --jitless" }).load(OWNER, "x"),
    undefined,
  );
});

test("load gives a cache to the account and the isolation that it was made for, and to nobody else", async () => {
  await using data = await dataFolder();
  const owners: readonly CodeCacheOwner[] = [
    { account: "a", isolation: "account" },
    { account: "b", isolation: "account" },
    { account: "b", isolation: "shared" },
    { account: "b", isolation: "in-process" },
  ];
  for (const cache of [createCodeCache({ folder: data.path }), createCodeCache()]) {
    for (const [n, owner] of owners.entries()) {
      assert.is(await cache.load(owner, "x"), undefined);
      await cache.save(owner, "x", bytes(3, n));
    }
    for (const [n, owner] of owners.entries()) assert.equal(await cache.load(owner, "x"), bytes(3, n));
  }
  assert.is((await data.files()).length, owners.length);
});

test("save keeps no cache that is larger than one of such a script may be", async () => {
  await using data = await dataFolder();
  for (const cache of [createCodeCache({ folder: data.path }), createCodeCache()]) {
    for (const script of ["x", "x".repeat(2 * 1024 * 1024)]) {
      const most = mostCodeCacheBytes(script);
      assert.ok(most <= 16 * 1024 * 1024);
      await cache.save(OWNER, script, bytes(most + 1));
      assert.ok((await cache.load(OWNER, script)) === undefined);
      await cache.save(OWNER, script, bytes(most));
      assert.is((await cache.load(OWNER, script))?.length, most);
    }
  }
});

test("load refuses and removes a file that was changed, cut, or moved to another script's place", async () => {
  await using data = await dataFolder();
  const changes: ((path: string, content: Buffer) => Promise<void>)[] = [
    async (path, content) => await writeFile(path, Buffer.concat([content.subarray(0, -1), Buffer.of(8)])),
    async (path, content) =>
      await writeFile(path, Buffer.concat([Buffer.of((content[0] ?? 0) ^ 1), content.subarray(1)])),
    async (path, content) => await writeFile(path, content.subarray(0, -1)),
    async (path) => await writeFile(path, ""),
  ];
  for (const change of changes) {
    const cache = createCodeCache({ folder: data.path });
    await cache.save(OWNER, "x", bytes(100));
    const [path = ""] = await data.files();
    await change(path, await readFile(path));
    assert.is(await cache.load(OWNER, "x"), undefined);
    assert.equal(await data.files(), []);
  }
  const cache = createCodeCache({ folder: data.path });
  await cache.save(OWNER, "x", bytes(100));
  const [x = ""] = await data.files();
  await cache.save(OWNER, "y", bytes(100, 8));
  const y = (await data.files()).find((path) => path !== x) ?? "";
  await writeFile(y, await readFile(x));
  assert.is(await cache.load(OWNER, "y"), undefined);
  assert.equal(await cache.load(OWNER, "x"), bytes(100));
});

test("the secret can be read by its owner only, and a new one makes old caches worthless", async () => {
  await using data = await dataFolder();
  const secret = join(data.path, "code-cache.secret");
  const secrets = await Promise.all(
    Array.from({ length: 8 }, async () => Buffer.from(await readHostSecret(secret)).toString("hex")),
  );
  assert.is(new Set(secrets).size, 1, "whoever comes first decides the secret");
  await createCodeCache({ folder: data.path }).save(OWNER, "x", bytes(3));
  assert.is((await stat(secret)).mode & 0o777, 0o600);
  assert.is((await readFile(secret)).length, 32);
  const [file = ""] = await data.files();
  assert.is((await stat(file)).mode & 0o777, 0o600);
  assert.equal(await createCodeCache({ folder: data.path }).load(OWNER, "x"), bytes(3));

  await chmod(secret, 0o644);
  await createCodeCache({ folder: data.path }).load(OWNER, "x");
  assert.is((await stat(secret)).mode & 0o777, 0o600);

  await writeFile(secret, "short");
  assert.is(await createCodeCache({ folder: data.path }).load(OWNER, "x"), undefined);
  assert.is((await readFile(secret)).length, 32);
});

test("save removes the caches that were not used for longest, and leaves no partial files", async () => {
  await using data = await dataFolder();
  for (const options of [{ folder: data.path, maxBytes: 3 * (100 + 32) }, { maxBytes: 300 }]) {
    const cache = createCodeCache(options);
    for (const script of ["a", "b", "c"]) await cache.save(OWNER, script, bytes(100));
    await cache.load(OWNER, "a");
    await cache.save(OWNER, "d", bytes(100));
    await cache.save(OWNER, "too large", bytes(1_000));
    const kept = await Promise.all(
      ["a", "b", "c", "d", "too large"].map(
        async (script) => (await cache.load(OWNER, script)) !== undefined,
      ),
    );
    assert.equal(kept, [true, false, true, true, false]);
  }
  assert.is((await data.files()).length, 3);
});

test("a new host counts the files that are there, oldest use first, and clears what a crash left", async () => {
  await using data = await dataFolder();
  const first = createCodeCache({ folder: data.path });
  await first.save(OWNER, "a", bytes(100));
  const [a = ""] = await data.files();
  await first.save(OWNER, "b", bytes(100));
  const b = (await data.files()).find((path) => path !== a) ?? "";
  await utimes(a, new Date(2_000_000), new Date(2_000_000));
  await utimes(b, new Date(1_000_000), new Date(1_000_000));
  await writeFile(join(data.path, "code-cache", "x.tmp"), "partial");
  const second = createCodeCache({ folder: data.path, maxBytes: 2 * (100 + 32) });
  await second.save(OWNER, "c", bytes(100));
  assert.is(await second.load(OWNER, "b"), undefined);
  assert.equal(await second.load(OWNER, "a"), bytes(100));
  assert.is((await data.files()).length, 2);
});

test("save rejects when the folder cannot be written, and works once it can", async () => {
  await using data = await dataFolder();
  await writeFile(join(data.path, "code-cache"), "a file in the way");
  const cache = createCodeCache({ folder: data.path });
  let failed = false;
  await cache.save(OWNER, "x", bytes(1)).catch(() => void (failed = true));
  assert.ok(failed);
  await rm(join(data.path, "code-cache"));
  await mkdir(join(data.path, "code-cache"));
  await cache.save(OWNER, "x", bytes(1));
  assert.equal(await cache.load(OWNER, "x"), bytes(1));
});

test.run();
