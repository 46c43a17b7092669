import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadWorker } from "../../../wrangler-compat/load-worker.ts";
import { projectFolder } from "../project-folder.ts";

test("build.command runs in its folder before the worker is bundled, unless it is left out", async () => {
  using folder = projectFolder({
    "wrangler.toml": `main = "out/index.js"\n[build]\ncommand = "cp index.js out/ && echo made && echo again >> out/runs"\ncwd = "src"`,
    "src/index.js": "export default { fetch: () => new Response('x') };",
    "src/out/.keep": "",
  });
  folder.write(
    "wrangler.toml",
    readFileSync(join(folder.path, "wrangler.toml"), "utf8").replace("out/index", "src/out/index"),
  );
  let output = "";
  const { upload, buildDirs } = await loadWorker(folder.path, { onBuildOutput: (text) => (output += text) });
  assert.match(String(upload.modules?.[0]?.content), "Response");
  assert.is(output, "made\n");
  assert.equal(buildDirs, [join(folder.path, "src")]);
  await loadWorker(folder.path, { skipBuild: true });
  assert.is(readFileSync(join(folder.path, "src/out/runs"), "utf8"), "again\n");
});

test("a build.command that fails, is not there or makes no entry says so", async () => {
  const cases = [
    ["echo one; echo two >&2; exit 7", /build\.command ".*" ended with 7\none\ntwo/s],
    ["no-such-command-anywhere", /build\.command "no-such-command-anywhere" ended with 127/],
    ["kill -9 $$", /was ended by SIGKILL/],
    ["true", /"main" is "gone\.js", but there is no such file/],
  ] as const;
  for (const [command, message] of cases) {
    using folder = projectFolder({
      "wrangler.json": JSON.stringify({ main: "gone.js", build: { command } }),
    });
    await loadWorker(folder.path).then(
      () => assert.unreachable(),
      (error: Error) => assert.match(error.message, message),
    );
  }
});

test.run();
