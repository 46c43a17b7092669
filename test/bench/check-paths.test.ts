import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkPaths, type LabPaths } from "../../bench/laboratory/check-paths.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { runRecords } from "./report/run-records.ts";

const NONE: LabPaths = { jsonPath: null, htmlPath: null, comparePath: null, fromPath: null };

test("files that cannot be read or written are told of before anything is measured, and none is written over", async () => {
  using temporary = tempFolder();
  const folder = temporary.path;
  const run = join(folder, "run.jsonl");
  const lines = runRecords({ skerry: 500 }).map((record) => `${JSON.stringify(record)}\n`);
  writeFileSync(run, `${lines.join("")}{"type":"samples","experim`);
  const odd = join(folder, "odd.json");
  writeFileSync(odd, '{"name":"odd"}\n');

  assert.is(await checkPaths(NONE), null);
  // A last line that was cut is no reason to lose the others.
  assert.is((await checkPaths({ ...NONE, comparePath: run }))!.length, lines.length);
  for (const [paths, words] of [
    [{ jsonPath: run, comparePath: run }, "--json is"],
    [{ comparePath: join(folder, "none.jsonl") }, "there is no such file"],
    [{ comparePath: folder }, "that is a folder"],
    [{ fromPath: odd }, "odd.json:1 is no line of a run"],
    [{ htmlPath: join(folder, "none", "page.html") }, "there is no such folder"],
  ] as const) {
    const message = await checkPaths({ ...NONE, ...paths }).then(String, (error: Error) => {
      assert.instance(error, RangeError);
      return error.message;
    });
    assert.match(message, words);
  }
});

test.run();
