import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

const LINT = resolve("node_modules/.bin/oxlint");

type Case = readonly [path: string, from: string];

/** Which of the cases the linter refuses; `path` exports something from `from`. */
function refused(cases: readonly Case[]): readonly string[] {
  const lines = Map.groupBy(cases, ([path]) => path);
  const found = lint(
    new Map(
      [...lines].map(([path, all]) => [path, all.map(([, from]) => `export * from "${from}";`).join("\n")]),
    ),
  );
  return cases
    .filter(([path, from]) => found.some((one) => one.path === path && one.message.includes(`'${from}'`)))
    .map(show);
}

function show([path, from]: Case): string {
  return `${path} <- ${from}`;
}

function lint(
  files: ReadonlyMap<string, string>,
): readonly { path: string; rule: string; message: string }[] {
  const root = mkdtempSync(join(tmpdir(), "skerry-layers-"));
  try {
    cpSync(".oxlintrc.json", join(root, ".oxlintrc.json"));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), `${text}\n`);
    }
    const { stdout } = spawnSync(LINT, ["--format", "json"], { cwd: root, encoding: "utf8" });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { filename: string; code: string; message: string }[];
    };
    return diagnostics.map(({ filename, code, message }) => ({ path: filename, rule: code, message }));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const REFUSED: readonly Case[] = [
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
  ["wrangler-compat/config/read.ts", "../../src/control/catalog.ts"],
  ["wrangler-compat/config/read.ts", "../../src/config/host-config.ts"],
];

const ALLOWED: readonly Case[] = [
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
  ["wrangler-compat/config/read.ts", "../../src/config/document/config-error.ts"],
];

test("the linter refuses imports that point up, out, or at another folder's package", () => {
  assert.equal(refused(REFUSED), REFUSED.map(show));
});

test("the linter allows imports that point down", () => {
  assert.equal(refused(ALLOWED), []);
});

test("the linter refuses imports that go in a circle", () => {
  const found = lint(
    new Map([
      ["src/ids/a.ts", 'import { b } from "./b.ts";\nexport const a = (): unknown => b;'],
      ["src/ids/b.ts", 'import { a } from "./a.ts";\nexport const b = (): unknown => a;'],
    ]),
  );
  assert.ok(found.some(({ rule }) => rule.includes("no-cycle")));
});

test("the linter refuses default exports in src", () => {
  const found = lint(new Map([["src/http/server.ts", "export default 1;"]]));
  assert.ok(found.some(({ rule }) => rule.includes("no-default-export")));
});

test.run();
