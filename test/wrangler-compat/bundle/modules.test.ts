import { test } from "uvu";
import * as assert from "uvu/assert";
import { bundleWorker, type Bundle } from "../../../wrangler-compat/bundle/bundle-worker.ts";
import { globPattern } from "../../../wrangler-compat/bundle/glob-pattern.ts";
import { takeAsIs } from "../../../wrangler-compat/bundle/take-as-is.ts";
import { type Bundling, DEFAULT_BUNDLING } from "../../../wrangler-compat/config/readers/read-bundling.ts";
import { projectFolder } from "../project-folder.ts";

async function bundle(
  files: Readonly<Record<string, string>>,
  options: Partial<Bundling>,
  main: string = "src/index.js",
): Promise<Bundle> {
  using folder = projectFolder(files);
  const bundling = { ...DEFAULT_BUNDLING, ...options };
  return await (bundling.noBundle ? takeAsIs : bundleWorker)(folder.path, main, bundling);
}

function names({ modules }: Bundle): unknown[] {
  return modules.map(({ name, type }) => [name.replace(/^[\da-f]{10}-/, "#-"), type]);
}

async function refusal(...args: Parameters<typeof bundle>): Promise<string> {
  return await bundle(...args).then(
    () => "nothing was refused",
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  );
}

test("globPattern matches files by folders, and imports by any text", () => {
  const cases = [
    ["**/*.txt", true, ["a.txt", "a/b/c.txt"], ["a.txt.js", "atxt"]],
    ["*.js", true, ["a.js"], ["a/b.js"]],
    ["lib/**", true, ["lib/a/b.js"], ["other/a.js"]],
    ["**/*.wasm?module", false, ["./a.wasm?module"], ["./a.wasm", "./aXwasm?module"]],
    ["**/*.txt", false, ["./a.txt", "pkg/b/c.txt"], ["a.txt"]],
    ["a(b)[c]{d}+.x", true, ["a(b)[c]{d}+.x"], ["ab.x"]],
  ] as const;
  for (const [glob, hasFolders, matching, others] of cases) {
    for (const path of matching) assert.ok(globPattern(glob, hasFolders).test(path), `${glob} ${path}`);
    for (const path of others) assert.not(globPattern(glob, hasFolders).test(path), `${glob} ${path}`);
  }
});

test("rules make modules of imported files; one without fallthrough ends the rules of its type", async () => {
  const files = {
    "src/index.js": `import a from "./a.md"; import b from "./b.txt"; export default a + b;`,
    "src/a.md": "# a",
    "src/b.txt": "b",
  };
  const rule = { type: "Text", globs: ["**/*.md"] } as const;
  const both = await bundle(files, { rules: [{ ...rule, fallthrough: true }] });
  assert.equal(names(both), [
    ["index.js", "esm"],
    ["#-a.md", "text"],
    ["#-b.txt", "text"],
  ]);
  assert.equal(both.warnings, []);
  assert.match(await refusal(files, { rules: [rule] }), /"\.\/b\.txt" is Text by a rule that does not hold/);
  const alone = { ...files, "src/index.js": `import a from "./a.md"; export default a;` };
  assert.match((await bundle(alone, { rules: [rule] })).warnings[0]!, /\*\*\/\*\.txt.* does not hold/);
  assert.equal((await bundle(alone, { rules: [{ ...rule, fallthrough: false }] })).warnings, []);
});

test("preserve_file_names keeps names as they are imported", async () => {
  const files = {
    "src/index.js": `import a from "./docs/a.txt"; export default a;`,
    "src/docs/a.txt": "a",
  };
  const kept = await bundle(files, { preserveFileNames: true });
  assert.equal(names(kept)[1], ["docs/a.txt", "text"]);
  assert.match(String(kept.modules[0]!.content), `"./docs/a.txt"`);
});

test("find_additional_modules uploads files of rules beside the bundle, under their paths", async () => {
  const files = {
    "src/index.js": `import { b } from "./lib/b.js"; import inside from "./inside.ts";
      export default { fetch: async () => (await import("./lib/" + b + ".js")).default + inside };`,
    "src/lib/b.js": "export const b = 'c'; export default 1;",
    "src/lib/c.js": "export default 2;",
    "src/lib/legacy.cjs": "module.exports = 3;",
    "src/inside.ts": "export default 1 as number;",
    "src/node_modules/x/index.js": "",
  };
  const rules = [
    { type: "ESModule", globs: ["lib/*.js"] },
    { type: "CommonJS", globs: ["**/*.cjs"] },
  ] as const;
  const found = await bundle(files, { rules, findAdditionalModules: true });
  assert.equal(names(found), [
    ["index.js", "esm"],
    ["lib/b.js", "esm"],
    ["lib/c.js", "esm"],
    ["lib/legacy.cjs", "cjs"],
  ]);
  assert.match(String(found.modules[0]!.content), `from "./lib/b.js"`);
  assert.not.match(String(found.modules[0]!.content), 'inside.ts"');

  const fromRoot = await bundle(files, {
    rules: [{ type: "ESModule", globs: ["src/lib/*.js"] }],
    findAdditionalModules: true,
    baseDir: ".",
  });
  assert.is(fromRoot.main, "src/index.js");
  assert.equal(names(fromRoot), [
    ["src/index.js", "esm"],
    ["src/lib/b.js", "esm"],
    ["src/lib/c.js", "esm"],
  ]);
  assert.match(String(fromRoot.modules[0]!.content), `from "./lib/b.js"`);
});

test("no_bundle takes the entry as it is, with the files of its rules", async () => {
  const text = "import b from './b.js';\nexport default { fetch: () => new Response(b) };\n";
  const files = { "dist/index.js": text, "dist/b.js": "export default 1;", "dist/c.txt": "c" };
  const taken = await bundle(
    files,
    { noBundle: true, rules: [{ type: "ESModule", globs: ["**/*.js"] }] },
    "dist/index.js",
  );
  assert.equal(names(taken), [
    ["index.js", "esm"],
    ["b.js", "esm"],
    ["c.txt", "text"],
  ]);
  assert.is(taken.modules[0]!.content, text);
  const alone = await bundle(files, { noBundle: true, findAdditionalModules: false }, "dist/index.js");
  assert.equal(names(alone), [["index.js", "esm"]]);
  const script = { "a.js": "addEventListener('fetch', () => {});" };
  assert.equal(names(await bundle(script, { noBundle: true }, "a.js")), [["a.js", "script"]]);
  assert.match(await refusal({ "a.ts": "" }, { noBundle: true }, "a.ts"), /a\.ts is no JavaScript/);
  assert.match(await refusal({ "a.js": "export {" }, { noBundle: true }, "a.js"), /BUILD_FAILED: a\.js:1:/);
});

test("define, alias, JSX, tsconfig, minify, keep_names and upload_source_maps change the bundle", async () => {
  const files = {
    "src/index.jsx": `import name from "the-name"; import * as fs from "node:fs";
      function greeting() { return <><b>{NAME}</b></>; }
      export default [greeting(), name, fs, process.env.NODE_ENV, greeting.name];`,
    "src/name.js": "export default 'by alias';",
    "src/fs.js": "export const readFileSync = 1;",
  };
  const options: Partial<Bundling> = {
    define: { NAME: '"defined"' },
    alias: { "the-name": "./src/name.js", "node:fs": "./src/fs.js" },
    jsxFactory: "h",
    jsxFragment: "Fragment",
  };
  const made = await bundle(files, options, "src/index.jsx");
  const code = String(made.modules[0]!.content);
  for (const part of [
    "h(Fragment, null, ",
    '"defined"',
    "by alias",
    "readFileSync",
    '"production"',
    "__name(",
  ])
    assert.match(code, part);
  assert.ok(made.sourceMaps["index.js"]);
  const small = await bundle(
    files,
    { ...options, minify: true, keepNames: false, sourceMaps: false },
    "src/index.jsx",
  );
  assert.ok(String(small.modules[0]!.content).length < code.length / 2);
  assert.equal(small.sourceMaps, {});
  assert.match(await refusal(files, { define: { NAME: "1 +" } }, "src/index.jsx"), "BUILD_FAILED");
  assert.match(await refusal(files, { alias: { "./x": "y" } }, "src/index.jsx"), "BUILD_FAILED");
  const configured = { ...files, "ts.json": '{"compilerOptions": {"jsxFactory": "fromTsconfig"}}' };
  const byFile = await bundle(configured, { ...options, tsconfig: "ts.json" }, "src/index.jsx");
  assert.match(String(byFile.modules[0]!.content), "fromTsconfig");
});

test("a worker in service-worker format cannot import WebAssembly, nor have further modules", async () => {
  const text = `import x from "./x.wasm"; addEventListener("fetch", () => x);`;
  const files = { "src/index.js": text, "src/x.wasm": "", "src/y.txt": "" };
  assert.match(await refusal(files, {}), /only a worker that has exports can import WebAssembly/);
  const found = { ...files, "src/index.js": "addEventListener('fetch', () => {});" };
  assert.match(await refusal(found, { findAdditionalModules: true }), /can have further modules/);
});

test.run();
