import { test } from "uvu";
import * as assert from "uvu/assert";
import { DueFiles } from "../../src/storage/due-files.ts";

test("DueFiles takes files of accounts in turn, each once", () => {
  const due = new DueFiles();
  for (const ns of [1, 2, 3, 4]) due.add("many", ns);
  due.add("few", 9);
  due.add("many", 1);
  assert.equal(due.take(3), [1, 9, 2]);
  assert.equal(due.take(10), [3, 4]);
  assert.equal(due.take(10), []);
});

test.run();
