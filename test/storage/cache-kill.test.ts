import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openCacheFolder } from "../../src/storage/open-cache.ts";
import { keyOf, look, NOW, store } from "./cache-rig.ts";
import { tempFolder } from "./temp-folder.ts";

const STORER = new URL("./fixtures/store-until-killed.ts", import.meta.url).pathname;

/** Runs the storer, kills it with SIGKILL after so many puts, and gives the keys that it said. */
async function killAfter(path: string, round: number, puts: number): Promise<string[]> {
  const child = spawn(process.execPath, [STORER, path, String(round)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  let said = "";
  child.stdout.setEncoding("utf8");
  for await (const chunk of child.stdout as AsyncIterable<string>) {
    said += chunk;
    if (said.split("\n").length > puts) child.kill("SIGKILL");
  }
  await gone;
  assert.is(child.signalCode, "SIGKILL", "the storer was killed, and did not end by itself");
  return said
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split(" ")[0]!);
}

test("a cache after kill -9 in the middle of puts has whole bodies only, and no file without an entry", async () => {
  using folder = tempFolder();
  for (const [round, puts] of [3, 20, 60].entries()) {
    const keys = new Set(await killAfter(folder.path, round, puts));
    const cache = openCacheFolder(folder.path, () => NOW);
    let files = 0;
    for (const key of keys) {
      // `look` throws where a body is torn. Every key was stored, and nothing has removed one.
      const found = await look(cache, keyOf(key));
      assert.ok(found !== null && found.size >= 1_000, `${key} is lost`);
    }
    for (let earlier = 0; earlier <= round; earlier++) {
      for (const name of ["a", "b", "c", "d"])
        for (let i = 0; i < 4; i++) {
          const found = await look(cache, keyOf(`r${earlier}-${name}-${i}`));
          if (found !== null && found.size > 64 * 1024) files++;
        }
    }
    assert.is(readdirSync(join(folder.path, "bodies")).length, files);
    await cache.close();
  }
});

test("a cache goes on after its thread has died", async () => {
  using folder = tempFolder();
  const { CacheThread } = await import("../../src/storage/cache-thread.ts");
  const { FileBodies } = await import("../../src/storage/file-bodies.ts");
  const { IndexedCache } = await import("../../src/storage/indexed-cache.ts");
  const thread = new CacheThread({ folder: folder.path, prefix: "life" });
  const cache = new IndexedCache(thread, new FileBodies(join(folder.path, "bodies"), "life"), () => NOW);
  await store(cache, keyOf("before"), 200_000, 1);
  const asked = look(cache, keyOf("before")).catch((error: { code?: string }) => error.code);
  await thread.kill();
  // It may have answered before it died.
  if ((await asked) !== "STORAGE_UNAVAILABLE") assert.equal(await asked, { size: 200_000, fill: 1 });
  assert.equal(await look(cache, keyOf("before")), { size: 200_000, fill: 1 });
  await store(cache, keyOf("after"), 200_000, 2);
  assert.equal(await look(cache, keyOf("after")), { size: 200_000, fill: 2 });
  await cache.close();
});

test.run();
