import { globSync } from "node:fs";
import { basename } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

const VAGUE = new Set(["util", "utils", "helper", "helpers", "common", "misc"]);
const ROOTS = "{src,runtime-api,wrangler-compat,bench,test,.scripts}";

test("no file or folder has a name that says nothing", () => {
  const vague = globSync(`${ROOTS}/**/*`).filter((path) => VAGUE.has(basename(path).replace(/\..*$/, "")));
  assert.equal(vague, []);
});

test("every test stands where the file that it tests would stand, and is found by the runner", () => {
  const stray = globSync(`${ROOTS}/**/*{.spec.ts,_test.ts}`).concat(
    globSync("{src,runtime-api,wrangler-compat}/**/*.test.ts"),
  );
  assert.equal(stray, []);
});

test.run();
