import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openDataFolder } from "../../src/storage/data-folder.ts";
import { tempFolder } from "./temp-folder.ts";

const FILLER = new URL("./fixtures/fill-disk.ts", import.meta.url).pathname;

// A limit on the size of files stands in for a full disk; Windows has none.
const onPosix = process.platform === "win32" ? test.skip : test;

onPosix("openDataFolder with no room left refuses writes, serves reads, and has lost nothing", async () => {
  using folder = tempFolder();
  // `ulimit -f` counts blocks of 512 or 1024 bytes, as the shell likes: 1 to 2 MB.
  const command = `trap '' XFSZ; ulimit -f 2000; exec "$0" "$1" "$2"`;
  const { stdout } = await promisify(execFile)("sh", ["-c", command, process.execPath, FILLER, folder.path]);
  const report = JSON.parse(stdout) as {
    acked: string[];
    failures: { code: string; outcome: string }[];
    read: number;
    listed: number;
    elsewhere: boolean;
  };
  assert.ok(report.acked.length > 10);
  assert.is(report.failures.length, 3);
  for (const { code, outcome } of report.failures) {
    assert.is(code, "STORAGE_UNAVAILABLE");
    assert.ok(outcome === "no" || outcome === "unknown");
  }
  assert.is(report.read, report.acked.length);
  assert.ok(report.listed >= report.acked.length);
  assert.is(report.elsewhere, true);
  // With room again, all is there and writes go through.
  await using data = openDataFolder(folder.path);
  for (const key of report.acked)
    assert.is((await data.kv.get(1, new TextEncoder().encode(key)))?.value.length, 20_000);
  assert.is(
    typeof (await data.kv.put(1, new TextEncoder().encode("more"), new Uint8Array(20_000))),
    "bigint",
  );
});

test.run();
