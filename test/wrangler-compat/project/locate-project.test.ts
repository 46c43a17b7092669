import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadWorker } from "../../../wrangler-compat/load-worker.ts";
import { projectFolder } from "../project-folder.ts";

const WORKER = "export default { fetch: () => new Response('hello') };";

test("a project's config is the first of wrangler.json, .jsonc and .toml; the others are named", async () => {
  using folder = projectFolder({
    "wrangler.toml": 'name = "toml"\nmain = "a.js"',
    "wrangler.jsonc": '{ "name": "jsonc", "main": "a.js" }',
    "a.js": WORKER,
  });
  const both = await loadWorker(folder.path);
  assert.is(both.upload.name, "jsonc");
  assert.equal(both.warnings, ["wrangler.toml is not read: wrangler.jsonc stands beside it"]);
  folder.write("wrangler.json", '{ "name": "json", "main": "a.js" }');
  assert.is((await loadWorker(folder.path)).upload.name, "json");
  assert.is((await loadWorker(`${folder.path}/wrangler.toml`)).upload.name, "toml");
});

test("a build tool's redirect leads to the config that it made; secrets stay beside the project's own", async () => {
  using folder = projectFolder({
    "wrangler.jsonc": '{ "name": "mine", "main": "src/a.ts" }',
    ".wrangler/deploy/config.json": '{ "configPath": "../../dist/wrangler.json" }',
    "dist/wrangler.json": '{ "name": "made", "main": "index.js", "no_bundle": true, "d1_databases": [] }',
    "dist/index.js": WORKER,
    ".dev.vars": "KEY=k",
  });
  const { upload, configFiles } = await loadWorker(folder.path, { isLocal: true });
  assert.is(upload.name, "made");
  assert.is(upload.modules?.[0]?.content, WORKER);
  assert.equal(upload.vars, { KEY: "k" });
  assert.equal(
    configFiles.map((file) => file.slice(folder.path.length + 1)),
    ["dist/wrangler.json", ".wrangler/deploy/config.json"],
  );
  for (const [text, message] of [
    [
      '{ "configPath": "../gone.json" }',
      /config\.json:1:3: "configPath" is "\.\.\/gone\.json", but there is no such file/,
    ],
    ["{}", /config\.json:1:1: "configPath" is missing/],
  ] as const) {
    folder.write(".wrangler/deploy/config.json", text);
    await loadWorker(folder.path).then(
      () => assert.unreachable(),
      (error: Error) => assert.match(error.message, message),
    );
  }
});

test.run();
