import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";

const MODULE = join(import.meta.dirname, "../../src/cli/report-rejections.ts");

test("a promise that failed while nobody waited is reported, and the process goes on", async () => {
  const code = `
    import { reportRejections } from ${JSON.stringify(MODULE)};
    reportRejections((text) => process.stderr.write(text));
    void Promise.reject(new Error("of one event"));
    void Promise.reject(null);
    setTimeout(() => console.log("still here"), 20);`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
  assert.is(stdout, "still here\n");
  assert.match(stderr, /^skerry: internal error: Error: of one event\n +at /);
  assert.match(stderr, "skerry: internal error: null\n");
});

test.run();
