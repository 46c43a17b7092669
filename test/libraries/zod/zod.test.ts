import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../../src/index.ts";
import { bundleTests } from "./bundle-tests.ts";
import type { Ended } from "./vitest.ts";

/** Tests of `z.compile`, which makes code from strings: no worker may while it answers a request. */
const COMPILES =
  /^z\.compile does not support this schema \(generated code failed to evaluate: Code generation from strings disallowed/;

const NEEDS_NODE = /from "(?:node:|esbuild|recheck|@seriousme|@web-std)|import\(/;

test("zod's own tests pass, as they come in its package", async () => {
  const folder = resolve("node_modules/zod/src/v4/classic/tests");
  const files = globSync("*.test.ts", { cwd: folder })
    .filter((file) => !NEEDS_NODE.test(readFileSync(`${folder}/${file}`, "utf8")))
    .toSorted();
  assert.ok(files.length > 60, `only ${files.length} files`);
  const host = await createHost({
    cell: "process",
    cells: 1,
    limits: { cpuMs: 30_000, startupCpuMs: 20_000 },
  });
  const failed: string[] = [];
  let passed = 0;
  let compiling = 0;
  try {
    for (const [file, content] of await bundleTests(files.map((name) => `${folder}/${name}`))) {
      const worker = await host.deploy({
        name: "zod",
        main: "main.js",
        modules: [{ name: "main.js", type: "esm", content }],
      });
      const response = await worker.fetch("http://zod.test/");
      const text = await response.text();
      const results: Ended[] = response.ok
        ? (JSON.parse(text) as Ended[])
        : [{ name: "the file", error: text }];
      for (const { name, error } of results) {
        if (error === undefined) passed++;
        else if (COMPILES.test(error.replace(/^\w+: /, ""))) compiling++;
        else failed.push(`${file}: ${name}: ${error}`);
      }
    }
  } finally {
    await host.close(0);
  }
  assert.equal(failed, []);
  assert.ok(compiling < 10, `${compiling} tests compile`);
  assert.ok(passed > 1_000, `only ${passed} tests`);
});

test.run();
