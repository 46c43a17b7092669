import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { runCli } from "./run-cli.ts";

const CELL = process.env["SKERRY_TEST_CELL"] ?? "in-process";

test("skerry bench prints cold starts and warm requests", async () => {
  using folder = projectFolder({ "index.js": "export default { fetch: () => new Response('hello') };" });
  const { exit, output } = await runCli([
    "bench",
    folder.path,
    "--cold",
    "4",
    "--warm",
    "20",
    "--cell",
    CELL,
  ]);
  assert.is(exit, 0, output);
  assert.match(output, /^cold start to head, ms +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d +4$/m);
  assert.match(output, /^warm request to head, ms +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d +20$/m);
  assert.match(output, `${CELL} cell, Node v`);
});

test("skerry bench says so when the worker fails", async () => {
  using folder = projectFolder({ "index.js": "export default { fetch: () => { throw new Error('no'); } };" });
  const { exit, output } = await runCli(["bench", folder.path, "--cold", "2", "--cell", CELL]);
  assert.is(exit, 1);
  assert.match(output, "error: the worker answers / with status 500; measure a path that works");
});

test.run();
