import { test } from "uvu";
import * as assert from "uvu/assert";
import { totalmem } from "node:os";
import { defaultCellMemoryMb } from "../../src/cell/cell-memory.ts";

const MACHINE_MB = totalmem() / 1024 / 1024;

test("defaultCellMemoryMb parts at most 60 % of the machine among the cells, and gives none less than 512 MB", () => {
  for (const cells of [1, 2, 8]) {
    const each = defaultCellMemoryMb(cells);
    assert.is(each, Math.floor(each));
    assert.ok(each === 512 || each * cells <= MACHINE_MB * 0.6, `${cells} cells: ${each}`);
  }
  assert.is(defaultCellMemoryMb(1_000_000), 512);
});

test.run();
