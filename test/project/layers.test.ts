import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

const LINT = resolve("node_modules/.bin/oxlint");

/** What the linter says about one line of code that stands in a file of the given path. */
function lint(path: string, line: string): string {
  const root = mkdtempSync(join(tmpdir(), "skerry-layers-"));
  try {
    cpSync(".oxlintrc.json", join(root, ".oxlintrc.json"));
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${line}\n`);
    return spawnSync(LINT, [], { cwd: root, encoding: "utf8" }).stdout;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const REFUSED: readonly (readonly [path: string, from: string])[] = [
  ["src/http/server.ts", "../cli/bin.ts"],
  ["src/warm/pool.ts", "../host.ts"],
  ["src/warm/pool.ts", "../bindings/kv/kv.ts"],
  ["src/storage/kv/file.ts", "../../warm/pool.ts"],
  ["src/limits/limits.ts", "../storage/kv-store.ts"],
  ["src/cell/process-cell.ts", "../isolate/isolate.ts"],
  ["src/cell/process-cell.ts", "isolated-vm"],
  ["src/http/server.ts", "undici"],
  ["src/bindings/kv/kv.ts", "better-sqlite3"],
  ["src/host.ts", "hono"],
  ["src/host.ts", "./cli/bin.ts"],
  ["src/dispatch/edge.ts", "../../runtime-api/io/io.ts"],
  ["src/dispatch/edge.ts", "../../runtime-api/console/console.ts"],
  ["runtime-api/url/url.ts", "../../src/errors/skerry-error.ts"],
  ["runtime-api/url/url.ts", "node:url"],
  ["runtime-api/url/url.ts", "undici"],
  ["wrangler-compat/config/read.ts", "../../src/warm/pool.ts"],
  ["wrangler-compat/config/read.ts", "../../src/host.ts"],
  ["wrangler-compat/config/read.ts", "../../src/ids/new-id.ts"],
];

const ALLOWED: readonly (readonly [path: string, from: string])[] = [
  ["src/cli/serve.ts", "../index.ts"],
  ["src/cli/serve.ts", "../../wrangler-compat/config/read.ts"],
  ["src/host.ts", "./warm/pool.ts"],
  ["src/http/server.ts", "../dispatch/edge.ts"],
  ["src/warm/pool.ts", "../cell/cell.ts"],
  ["src/isolate/isolate.ts", "isolated-vm"],
  ["src/isolate/isolate.ts", "../cell/version-code.ts"],
  ["src/dispatch/edge.ts", "../../runtime-api/contract/in.ts"],
  ["runtime-api/streams/stream.ts", "web-streams-polyfill"],
  ["runtime-api/encoding/text.ts", "@exodus/bytes/encoding.js"],
  ["wrangler-compat/config/read.ts", "../../src/index.ts"],
];

test("the linter refuses imports that point up, out, or at another folder's package", () => {
  for (const [path, from] of REFUSED) {
    assert.match(lint(path, `export { x } from "${from}";`), "no-restricted-imports", `${path} <- ${from}`);
  }
});

test("the linter allows imports that point down", () => {
  for (const [path, from] of ALLOWED) {
    assert.not.match(
      lint(path, `export { x } from "${from}";`),
      "no-restricted-imports",
      `${path} <- ${from}`,
    );
  }
});

test("the linter refuses default exports in src", () => {
  assert.match(lint("src/http/server.ts", "export default 1;"), "no-default-export");
});

test.run();
