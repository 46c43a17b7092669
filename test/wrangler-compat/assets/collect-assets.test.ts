import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../../src/index.ts";
import { collectAssets } from "../../../wrangler-compat/assets/collect-assets.ts";
import { putAssets } from "../../../wrangler-compat/assets/put-assets.ts";
import { tempFolder } from "../../storage/temp-folder.ts";
import { WIDE_LIMITS } from "../../limits/wide-limits.ts";

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

test("collectAssets takes files, rules and types of a folder, and leaves out what .assetsignore names", async () => {
  using folder = tempFolder();
  write(folder.path, {
    "index.html": "<h1>hi</h1>",
    "app.js": "1",
    "app.txt": "1",
    "copy/app.js": "1",
    "data.unknown": "x",
    ".well-known/a": "b",
    "node_modules/x.js": "x",
    "secret.env": "x",
    ".env.local": "SECRET=1",
    ".skerry/control.db": "x",
    "docs/_headers": "a file like others",
    _headers: "/*\n  a: b",
    _redirects: "/x /y",
    ".assetsignore": "node_modules\n*.env\n",
  });
  symlinkSync(join(folder.path, "app.js"), join(folder.path, "link.js"));
  const { files, contents, headers, redirects, inputs } = await collectAssets(folder.path);
  assert.equal(Object.keys(files), [
    "/.well-known/a",
    "/app.js",
    "/app.txt",
    "/copy/app.js",
    "/data.unknown",
    "/docs/_headers",
    "/index.html",
    "/link.js",
  ]);
  assert.equal([headers, redirects], ["/*\n  a: b", "/x /y"]);
  assert.equal(files["/app.js"], files["/copy/app.js"]);
  assert.is.not(files["/app.js"]!.hash, files["/app.txt"]!.hash);
  assert.is(contents.length, 6);
  const typeOf = (path: string): unknown =>
    contents.find(({ hash }) => hash === files[path]!.hash)?.contentType;
  assert.is(typeOf("/index.html"), "text/html; charset=utf-8");
  assert.is(typeOf("/app.js"), "text/javascript; charset=utf-8");
  assert.is(typeOf("/data.unknown"), null);
  assert.ok(inputs.includes(join(folder.path, "copy/app.js")));
  assert.ok(inputs.includes(join(folder.path, "_headers")));
  assert.not.ok(inputs.some((path) => path.includes("node_modules")));
});

test("collectAssets refuses a worker's source and files that are too large, by name", async () => {
  using folder = tempFolder();
  write(folder.path, { "_worker.js": "x" });
  const refused = async (): Promise<string> =>
    await collectAssets(folder.path).then(
      () => "",
      (error: Error) => error.message,
    );
  assert.match(await refused(), /"_worker\.js", which would be served with its source/);
  write(folder.path, { ".assetsignore": "_worker.js", "big.bin": "", "large.bin": "" });
  for (const name of ["big.bin", "large.bin"]) truncateSync(join(folder.path, name), 25 * 1024 ** 2 + 1);
  assert.match(await refused(), /big\.bin has 26214401 bytes; .*\n.*large\.bin/);
});

test("putAssets sends what the host has not yet", async () => {
  using folder = tempFolder();
  write(folder.path, { "index.html": "home", "a.txt": "a", "b.txt": "a" });
  await using host = await createHost({ limits: WIDE_LIMITS });
  const { assets } = host.control;
  const collected = await collectAssets(folder.path);
  assert.is(await putAssets(assets, "default", collected), 2);
  assert.is(await putAssets(assets, "default", collected), 0);
  write(folder.path, { "a.txt": "changed" });
  const changed = await collectAssets(folder.path);
  assert.is(await putAssets(assets, "default", changed), 1);
  const worker = await host.deploy({ name: "site", assets: { files: changed.files } });
  assert.is(await (await worker.fetch("http://site.test/")).text(), "home");
  assert.is(await (await worker.fetch("http://site.test/a.txt")).text(), "changed");
});

test.run();
