import { test } from "uvu";
import * as assert from "uvu/assert";
import { EntryFile, isGrown } from "../../../src/cell/supervision/entry-file.ts";
import { EntryTableWriter, readEntryTable, TABLE_BYTES } from "../../../src/cell/supervision/entry-table.ts";
import { writeSync } from "node:fs";
import { EntryMarks } from "../../../src/cell/child/entry-marks.ts";
import { Random } from "../random.ts";

function read(writer: EntryTableWriter): ReturnType<typeof readEntryTable> {
  return readEntryTable(writer.bytes.subarray(0, writer.sizeBytes));
}

test("EntryTableWriter keeps what was entered and not left, in order of entry", () => {
  const writer = new EntryTableWriter();
  writer.beat(900, 5_000);
  writer.enter(7, [1], 50, 1_000);
  writer.enter(8, [1, 2, 3, 4, 5, 6, 7, 8, 9], 450, 1_001);
  writer.enter(9, [0], 400, 1_002);
  assert.ok(writer.leave(7));
  assert.not(writer.leave(7));
  writer.enter(10, [4], 50, 1_003);
  writer.stuck(9);
  const { beatMs, rssBytes, marks } = read(writer);
  assert.is(beatMs, 900);
  assert.is(rssBytes, 5_000);
  assert.equal(
    marks.map(({ isolate, enteredMs, limitMs, stuck }) => [isolate, enteredMs, limitMs, stuck]),
    [
      [8, 1_001, 450, false],
      [9, 1_002, 400, true],
      [10, 1_003, 50, false],
    ],
  );
  assert.equal([marks[0]?.eventCount, marks[0]?.events], [9, [1, 2, 3, 4, 5, 6, 7]]);
  assert.equal([marks[1]?.eventCount, marks[1]?.events], [1, [0]]);
});

test("EntryTableWriter takes no more than it has room for", () => {
  const writer = new EntryTableWriter();
  for (let isolate = 1; isolate <= 200; isolate++) writer.enter(isolate, [1], 50, isolate);
  assert.is(read(writer).marks.length, 64);
  assert.is(writer.sizeBytes, TABLE_BYTES);
  for (let isolate = 1; isolate <= 200; isolate++) writer.leave(isolate);
  writer.enter(300, [1], 50, 1);
  assert.equal(
    read(writer).marks.map(({ isolate }) => isolate),
    [300],
  );
});

test("readEntryTable takes anything, and gives only what makes sense", () => {
  const random = new Random(1);
  for (let round = 0; round < 300; round++) {
    const bytes = random.bytes(random.int(TABLE_BYTES * 1.2));
    for (const { isolate, events, eventCount } of readEntryTable(bytes).marks) {
      assert.ok(Number.isSafeInteger(isolate) && isolate > 0);
      assert.ok(events.length <= eventCount);
    }
  }
  const words = new Float64Array(TABLE_BYTES / 8);
  words.set([NaN, 1, 1, 1, 1, 1], 4);
  words.set([1.5, 1, 1, 1, 1, 1], 16);
  words.set([5, 1, 1, 1, 1, -7], 28);
  words.set([6, 1, 1, 1, 1, 3], 40);
  assert.equal(
    readEntryTable(new Uint8Array(words.buffer)).marks.map(({ isolate }) => isolate),
    [6],
  );
});

test("EntryFile shows what EntryMarks wrote before each entry, and after it", async () => {
  const file = EntryFile.open();
  assert.ok(file);
  const marks = new EntryMarks(file!.fd);
  assert.ok(marks.enter(3, [12], 50));
  assert.equal(file?.read().marks[0]?.events, [12]);
  assert.ok(Math.abs((file?.read().beatMs ?? 0) - Number(process.hrtime.bigint()) / 1e6) < 10_000);
  marks.leave(3);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  assert.equal(file?.read().marks, []);
  assert.not(isGrown(file!.fd));
  writeSync(file!.fd, Buffer.alloc(10), 0, 10, TABLE_BYTES);
  assert.ok(isGrown(file!.fd));
  file?.close();
});

test.run();
