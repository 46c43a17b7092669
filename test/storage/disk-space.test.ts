import { test } from "uvu";
import * as assert from "uvu/assert";
import { DiskLow } from "../../src/storage/disk-low.ts";
import { DiskSpace } from "../../src/storage/disk-space.ts";
import { tempFolder } from "./temp-folder.ts";

const PIB = 1024 ** 5;

test("DiskSpace takes nothing where less is free than has to stay, until there is room", async () => {
  using folder = tempFolder();
  const full = new DiskSpace({ folder: folder.path, minFreeBytes: PIB });
  assert.is(full.take(1), false);
  assert.throws(
    () => full.mustTake(1),
    (error: unknown) => error instanceof DiskLow && error.code === "DISK_LOW",
  );
  await full.look();
  assert.is(full.take(1), false);
  const none = new DiskSpace({ folder: "/there/is/no/such/folder", minFreeBytes: 1 });
  assert.is(none.take(PIB), true);
});

test("DiskSpace deducts what was written since it looked, and looks again", async () => {
  using folder = tempFolder();
  let nowMs = 0;
  const disk = new DiskSpace({ folder: folder.path, minFreeBytes: 1, now: () => nowMs });
  assert.ok(disk.freeBytes > 0);
  const most = disk.freeBytes - 1;
  assert.is(disk.take(most + 1), false);
  assert.is(disk.take(most), true);
  assert.is(disk.take(1), false);
  nowMs = 10_000;
  // This one still goes by what is known, and has it looked up.
  assert.is(disk.take(1), false);
  await disk.look();
  assert.is(disk.take(1), true);
});

test("DiskSpace takes back what was not written after all, until it looks", async () => {
  using folder = tempFolder();
  const disk = new DiskSpace({ folder: folder.path, minFreeBytes: 1, now: () => 0 });
  const most = disk.freeBytes - 1;
  const { period } = disk;
  assert.is(disk.take(most), true);
  disk.give(most, period);
  assert.is(disk.take(most), true);
  // Two at once are one.
  await Promise.all([disk.look(), disk.look()]);
  // The look saw all that there was: given back now it would count for what somebody else wrote since.
  assert.is(disk.take(1_000), true);
  disk.give(most, period);
  assert.is(disk.take(disk.freeBytes - 1_000), false);
});

test("DiskSpace that keeps nothing free takes anything", () => {
  assert.is(new DiskSpace({ folder: "/", minFreeBytes: 0 }).take(PIB), true);
});

test.run();
