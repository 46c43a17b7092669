import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundleWorker } from "../../../wrangler-compat/bundle/bundle-worker.ts";
import { projectFolder } from "../project-folder.ts";

const WASM = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

test("bundleWorker makes one script of TypeScript, its imports and npm packages", async () => {
  using folder = projectFolder({
    "src/index.ts": `import { greet } from "./greet.ts"; import { shout } from "shouting";
      export default { async fetch(request: Request): Promise<Response> { return new Response(shout(greet("you") satisfies string)); } };`,
    "src/greet.ts": "export const greet = (name: string): string => `hello ${name}`;",
    "node_modules/shouting/package.json":
      '{"name": "shouting", "exports": {"workerd": "./worker.js", "default": "./other.js"}}',
    "node_modules/shouting/worker.js": "export const shout = (text) => text.toUpperCase();",
    "node_modules/shouting/other.js": "export const shout = 1;",
  });
  const { main, modules, sourceMaps, inputs } = await bundleWorker(folder.path, "src/index.ts");
  assert.is(main, "index.js");
  assert.equal(
    modules.map(({ name, type }) => [name, type]),
    [["index.js", "esm"]],
  );
  assert.match(String(modules[0]?.content), "toUpperCase");
  assert.not.match(String(modules[0]?.content), "satisfies");
  const map = JSON.parse(sourceMaps["index.js"] ?? "") as { sources: string[] };
  assert.ok(map.sources.includes("src/index.ts"), map.sources.join());
  assert.equal(inputs.map((file) => file.slice(folder.path.length + 1)).sort(), [
    "node_modules/shouting/worker.js",
    "src/greet.ts",
    "src/index.ts",
  ]);
});

test("bundleWorker keeps text, data and WebAssembly files as modules", async () => {
  using folder = projectFolder({
    "index.js": `import page from "./page.html"; import sql from "./a/same.txt"; import other from "./b/same.txt";
      import bytes from "./raw.bin"; import add from "./add.wasm?module";
      export default { fetch: () => Response.json([page, sql, other, bytes, add]) };`,
    "page.html": "<p>",
    "a/same.txt": "a",
    "b/same.txt": "b",
    "raw.bin": Uint8Array.of(1, 2, 255),
    "add.wasm": WASM,
  });
  const { modules, inputs } = await bundleWorker(folder.path, "index.js");
  const files = new Map(
    modules
      .slice(1)
      .map((module) => [module.name.replace(/^[\da-f]{10}-/, "") + String(module.content), module]),
  );
  assert.is(files.get("page.html<p>")?.type, "text");
  assert.is(files.get("same.txta")?.type, "text");
  assert.is(files.get("same.txtb")?.type, "text");
  assert.equal(files.get("raw.bin1,2,255")?.content, Uint8Array.of(1, 2, 255));
  assert.is(files.get(`add.wasm${String(WASM)}`)?.type, "wasm");
  for (const { name } of modules.slice(1)) assert.match(String(modules[0]?.content), `"./${name}"`);
  assert.ok(inputs.some((file) => file.endsWith("/b/same.txt")));
});

test("bundleWorker makes a script of a worker that listens for events", async () => {
  using folder = projectFolder({
    "worker.js": `import page from "./page.html"; addEventListener("fetch", (event) => event.respondWith(new Response(page)));`,
    "page.html": "<p>inside",
  });
  const { modules } = await bundleWorker(folder.path, "worker.js");
  assert.equal(
    modules.map(({ name, type }) => [name, type]),
    [["worker.js", "script"]],
  );
  assert.match(String(modules[0]?.content), "<p>inside");
  assert.not.match(String(modules[0]?.content), /^\s*(?:import|export)\b/m);
});

test("bundleWorker names the modules of Node.js that are imported, and where", async () => {
  using folder = projectFolder({
    "index.js": `import { readFile } from "node:fs";\nimport path from "path";\nexport default { fetch: () => readFile(path) };`,
  });
  await assertFails(
    folder.path,
    'index.js:1:26: "node:fs" is a module of Node.js; workers have only the web platform\'s API',
  );
  await assertFails(folder.path, 'index.js:2:18: "path" is a module of Node.js');
});

test("bundleWorker takes a package that has the name of a Node.js module", async () => {
  using folder = projectFolder({
    "index.js": `import events from "events"; export default { fetch: () => new Response(events) };`,
    "node_modules/events/index.js": `export default "from the package";`,
  });
  const { modules } = await bundleWorker(folder.path, "index.js");
  assert.match(String(modules[0]?.content), "from the package");
});

test("bundleWorker lets a require of a Node.js module fail when it runs", async () => {
  using folder = projectFolder({
    "index.js": `let fs = null; try { fs = require("fs"); } catch {} export default { fetch: () => new Response(String(fs)) };`,
  });
  const { modules } = await bundleWorker(folder.path, "index.js");
  assert.match(String(modules[0]?.content), '__require("fs")');
});

test("bundleWorker gives file, line and column of what does not parse or is not there", async () => {
  using folder = projectFolder({ "index.js": "export default {\n  fetch( {\n};\n" });
  await assertFails(folder.path, /^index\.js:\d:\d+: /);
  folder.write(
    "index.js",
    `import x from "./missing.js";\nimport t from "./missing.txt";\nexport default x + t;`,
  );
  await assertFails(folder.path, 'index.js:1:15: Could not resolve "./missing.js"');
  await assertFails(folder.path, 'Could not resolve "./missing.txt"');
});

async function assertFails(folder: string, message: string | RegExp): Promise<void> {
  const error: unknown = await bundleWorker(folder, "index.js").then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.is((error as { code?: string } | undefined)?.code, "BUILD_FAILED");
  assert.match((error as Error).message, message);
}

test.run();
