import { existsSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { OpenBodyFiles } from "../../src/storage/open-body-files.ts";
import { tempFolder } from "./temp-folder.ts";

/** Paths of files that this process has open in a folder; null where the system does not say. */
function openIn(folder: string): number | null {
  if (!existsSync("/proc/self/fd")) return null;
  return readdirSync("/proc/self/fd").filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
}

test("OpenBodyFiles reads many files at once and keeps few of them open", async () => {
  using folder = tempFolder();
  const files = new OpenBodyFiles(3);
  const paths = Array.from({ length: 12 }, (_, i) => join(folder.path, `${i}`));
  for (const [i, path] of paths.entries()) writeFileSync(path, Buffer.alloc(1_000, i));
  const read = async (i: number, position: number): Promise<void> => {
    const into = new Uint8Array(100);
    await files.read(paths[i]!, position, into);
    assert.ok(into.every((byte) => byte === i));
  };
  for (let round = 0; round < 5; round++)
    await Promise.all(paths.flatMap((_, i) => [read(i, round * 100), read(i, 900)]));
  // Closing takes a moment.
  for (let tries = 0; tries < 6_000 && (openIn(folder.path) ?? 0) > 3; tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const open = openIn(folder.path);
  if (open !== null) assert.ok(open <= 3, `${open} files are open`);
  files.closeAll();
});

test("OpenBodyFiles refuses what is not there, and finds it again when it is", async () => {
  using folder = tempFolder();
  const files = new OpenBodyFiles(3);
  const path = join(folder.path, "body");
  const fails = async (work: Promise<void>): Promise<boolean> =>
    await work.then(
      () => false,
      () => true,
    );
  assert.is(await fails(files.read(path, 0, new Uint8Array(1))), true);
  writeFileSync(path, "abc");
  const into = new Uint8Array(2);
  await files.read(path, 1, into);
  assert.equal([...into], [98, 99]);
  assert.is(await fails(files.read(path, 2, new Uint8Array(2))), true, "it is shorter than that");
  await files.read(path, 1, into);
  files.forget(path);
  rmSync(path);
  assert.is(await fails(files.read(path, 0, into)), true);
});

test.run();
