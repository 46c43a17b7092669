import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadWorker } from "../../wrangler-compat/load-worker.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { projectFolder } from "./project-folder.ts";

const WORKER = "export default { fetch: () => new Response('hello') };";

async function failure(path: string): Promise<{ code: string; message: string }> {
  try {
    await loadWorker(path);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error("nothing was refused");
}

test("loadWorker loads a folder with a wrangler config", async () => {
  using folder = projectFolder({
    "wrangler.toml": `name = "shop"\nmain = "src/index.ts"\ncompatibility_date = "2026-01-01"\nkv_namespaces = [{ binding = "KV", id = "x" }]\n[vars]\nA = "1"\n[placement]\nmode = "smart"`,
    "src/index.ts": WORKER,
  });
  const { upload, warnings, inputs } = await loadWorker(folder.path);
  const { modules, sourceMaps, ...rest } = upload;
  assert.equal(rest, {
    name: "shop",
    main: "index.js",
    vars: { A: "1" },
    kvNamespaces: [{ binding: "KV", id: "x" }],
    routes: [],
    limits: {},
    services: [],
    compatibilityDate: "2026-01-01",
  });
  assert.is(modules?.length, 1);
  assert.equal(Object.keys(sourceMaps ?? {}), ["index.js"]);
  assert.equal(warnings, ['wrangler.toml:7:1: "placement" is ignored: workers run where the host runs']);
  assert.equal(inputs.map((file) => file.slice(folder.path.length + 1)).sort(), [
    "src/index.ts",
    "wrangler.toml",
  ]);
});

test("loadWorker loads a folder with one source file, named after the folder, and a file by its path", async () => {
  using folder = projectFolder({
    "My App/main.ts": WORKER,
    "My App/README.md": "",
    "My App/main.test.ts": "",
  });
  assert.is((await loadWorker(`${folder.path}/My App`)).upload.name, "my-app");
  assert.is((await loadWorker(`${folder.path}/My App/main.ts`)).upload.name, "main");
});

test("loadWorker says what to do where there is no worker, or more than one", async () => {
  using folder = projectFolder({
    "empty/README.md": "",
    "two/a.js": WORKER,
    "two/b.ts": WORKER,
  });
  const cases = [
    ["nowhere", /there is no such folder or file/],
    ["empty", /has no worker; add a file such as index\.js, or a wrangler\.toml/],
    ["empty/README.md", /is no worker; name a folder/],
    ["two", /several files that could be the worker \(a\.js, b\.ts\)/],
  ] as const;
  for (const [path, expected] of cases) {
    const { code, message } = await failure(`${folder.path}/${path}`);
    assert.is(code, "NO_WORKER");
    assert.match(message, expected);
  }
});

test("loadWorker names the main file that is missing", async () => {
  using folder = projectFolder({ "wrangler.jsonc": '{\n  "main": "src/gone.ts"\n}' });
  const { code, message } = await failure(folder.path);
  assert.is(code, "INVALID_CONFIG");
  assert.is(
    message,
    'wrangler.jsonc:2:3: "main" is "src/gone.ts", but there is no such file beside the config',
  );
});

test("loadWorker takes the static assets of a config, with code or without", async () => {
  using folder = tempFolder();
  const write = (config: string): void => writeFileSync(join(folder.path, "wrangler.toml"), config);
  mkdirSync(join(folder.path, "public"));
  writeFileSync(join(folder.path, "public/index.html"), "home");
  writeFileSync(join(folder.path, "public/_redirects"), "/a /b\n/c\n");
  write('name = "site"\n[assets]\ndirectory = "public"\nnot_found_handling = "404-page"\n');
  const { upload, assets, warnings, inputs } = await loadWorker(folder.path);
  assert.is(upload.main, undefined);
  assert.equal(Object.keys(assets!.files), ["/index.html"]);
  assert.is(upload.assets?.files, assets?.files);
  assert.equal(upload.assets?.config, { notFoundHandling: "404-page", redirects: "/a /b\n/c\n" });
  assert.equal(warnings, ['_redirects:2: expected "from to" or "from to status", and found 1 words']);
  assert.ok(inputs.includes(join(folder.path, "public/index.html")));
  writeFileSync(join(folder.path, "index.js"), "export default {}");
  write(
    'name = "site"\nmain = "index.js"\n[assets]\ndirectory = "public"\nbinding = "FILES"\nrun_worker_first = ["/api/*"]',
  );
  const both = await loadWorker(folder.path);
  assert.is(both.upload.main, "index.js");
  assert.is(both.upload.assets?.binding, "FILES");
  assert.equal(both.upload.assets?.config?.runWorkerFirst, ["/api/*"]);
  write('name = "site"\n[assets]\ndirectory = "nowhere"\n');
  await loadWorker(folder.path).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /wrangler\.toml:3:\d+: "assets\.directory" is "nowhere"/),
  );
});

test.run();
