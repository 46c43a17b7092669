import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openCacheFolder } from "../../src/storage/open-cache.ts";
import { keyOf, look, NOW, store } from "./cache-rig.ts";
import { tempFolder } from "./temp-folder.ts";

const FILLER = new URL("./fixtures/fill-cache.ts", import.meta.url).pathname;

// A limit on the size of files stands in for a full disk; Windows has none.
const onPosix = process.platform === "win32" ? test.skip : test;

onPosix("a cache whose disk is full refuses puts, goes on serving, and leaves nothing half", async () => {
  using folder = tempFolder();
  // `ulimit -f` counts blocks of 512 or 1024 bytes, as the shell likes: 1 to 2 MB.
  const command = `trap '' XFSZ; ulimit -f 2000; exec "$0" "$1" "$2"`;
  const { stdout } = await promisify(execFile)("sh", ["-c", command, process.execPath, FILLER, folder.path]);
  const report = JSON.parse(stdout) as Record<string, unknown>;
  assert.is(report["large"], "STORAGE_UNAVAILABLE");
  assert.is(report["small"], "STORAGE_UNAVAILABLE");
  assert.equal(report["before"], { size: 200_000, fill: 1 });
  assert.equal(report["first"], { size: 60_000, fill: 3 });
  assert.is(readdirSync(join(folder.path, "bodies")).length, 1);
  // With room again it stores as before.
  const cache = openCacheFolder(folder.path, () => NOW);
  await store(cache, keyOf("large"), 5_000_000, 2);
  assert.equal(await look(cache, keyOf("large")), { size: 5_000_000, fill: 2 });
  assert.equal(await look(cache, keyOf("before")), { size: 200_000, fill: 1 });
  await cache.close();
});

test.run();
