import { runInThisContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ModuleDefinition } from "../../../runtime-api/contract/boot.ts";
import { VERSION_SCRIPT_NAME } from "../../../src/cell/version-code.ts";
import { transformUpload } from "../../../src/versions/transform/transform-upload.ts";
import type { UploadModule, WorkerUpload } from "../../../src/versions/upload.ts";

const LIMITS = { scriptBytes: 1e6, memoryMb: 128 };

function upload(...modules: UploadModule[]): WorkerUpload {
  return { main: modules[0]?.name ?? "", modules };
}

function esm(name: string, content: string | Uint8Array): UploadModule {
  return { name, type: "esm", content };
}

/** What is wrong with an upload, as `file:line:column reason`. */
function problems(worker: WorkerUpload): string[] {
  const result = transformUpload(worker, LIMITS);
  if (result.ok) return [];
  return result.problems.map(({ file, line, column, reason }) => `${file}:${line}:${column} ${reason}`);
}

function definitions(worker: WorkerUpload): ModuleDefinition[] {
  const result = transformUpload(worker, LIMITS);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return runInThisContext(result.version.code.script, {
    filename: VERSION_SCRIPT_NAME,
  }) as ModuleDefinition[];
}

test("transformUpload names requests by the canonical names of their modules", () => {
  const [main, lib] = definitions(
    upload(
      esm(
        "./src/main.js",
        `import "./abc-add.wasm"; import "lib/a.js"; import "../lib/a.js"; import "cloudflare:workers"; export * from "./x";`,
      ),
      esm("lib/a.js", `import t from "./t.txt" with { type: "text" }; export * from "src/x";`),
      esm("src/x", ""),
      { name: "./abc-add.wasm", type: "wasm", content: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0) },
      { name: "lib/t.txt", type: "text", content: "t" },
    ),
  );
  assert.equal(main?.slice(0, 5), [
    "src/main.js",
    "esm",
    ["abc-add.wasm", "lib/a.js", "lib/a.js", "cloudflare:workers", "src/x"],
    [4],
    false,
  ]);
  assert.equal(lib?.slice(0, 5), ["lib/a.js", "esm", ["lib/t.txt", "src/x"], [1], false]);
});

test("transformUpload reports all problems together, with their places", () => {
  assert.equal(
    problems(
      upload(
        esm(
          "main.js",
          `import fs from "node:fs";\nimport { b } from './none.js';\n  export * from "https://x/y.js";import "./bad.js";`,
        ),
        esm("bad.js", "let a;\r\nlet a;"),
        esm("utf16.js", Uint8Array.of(0xff, 0xfe, 0x61, 0)),
        { name: "a.json", type: "json", content: "{" },
        { name: "a.wasm", type: "wasm", content: new Uint8Array(8) },
        { name: "b.wasm", type: "wasm", content: "(module)" },
        { name: "c.cjs", type: "cjs", content: "import 'x'" },
      ),
    ),
    [
      'main.js:1:16 No such module "node:fs"; of modules that are not uploaded there are cloudflare:email, cloudflare:workers, cloudflare:workflows',
      'main.js:2:19 No such module "./none.js"',
      'main.js:3:17 No such module "https://x/y.js"; of modules that are not uploaded there are cloudflare:email, cloudflare:workers, cloudflare:workflows',
      "bad.js:2:5 SyntaxError: Identifier 'a' has already been declared",
      "utf16.js:null:null the file is not valid UTF-8",
      "a.json:null:null the file is not valid JSON: Expected property name or '}' in JSON at position 1 (line 1 column 2)",
      "a.wasm:null:null the file is not a valid WebAssembly module",
      "b.wasm:null:null WebAssembly must be uploaded as bytes, not text",
      "c.cjs:1:1 SyntaxError: 'import' and 'export' may appear only with 'sourceType: module'",
    ],
  );
});

test("transformUpload reports imports of names that are not exported", () => {
  const worker = upload(
    esm(
      "main.js",
      `import { a, no } from "./a.js"; import t, { u } from "./t.txt"; import { any } from "./c.cjs";
import d from "./b.js"; export { loop } from "./a.js"; import { both } from "./a.js"; import * as ns from "./a.js"; import { same } from "./a.js";
import { perhaps } from "./g.js"; import { WorkerEntrypoint } from "cloudflare:workers";`,
    ),
    esm(
      "a.js",
      `export const a = 1; export * from "./b.js"; export * from "./e.js"; export { loop } from "./main.js";`,
    ),
    esm("b.js", `export const both = 1; export { x as same } from "./f.js";`),
    esm("e.js", `export const both = 2; export { x as same } from "./f.js";`),
    esm("f.js", `export const x = 2;`),
    esm("g.js", `export * from "cloudflare:workers"; export * from "./c.cjs"`),
    { name: "t.txt", type: "text", content: "" },
    { name: "c.cjs", type: "cjs", content: "" },
  );
  const missing = (name: string, from: string): string =>
    `SyntaxError: The requested module '${from}' does not provide an export named '${name}'`;
  assert.equal(problems(worker), [
    `main.js:1:13 ${missing("no", "./a.js")}`,
    `main.js:2:34 ${missing("loop", "./a.js")}`,
    "main.js:2:65 SyntaxError: The requested module './a.js' contains conflicting star exports for name 'both'",
    `main.js:1:45 ${missing("u", "./t.txt")}`,
    `main.js:2:8 ${missing("default", "./b.js")}`,
    `a.js:1:78 ${missing("loop", "./main.js")}`,
  ]);
});

test("transformUpload wraps CommonJS as a sloppy function", () => {
  const [definition] = definitions(
    upload({
      name: "main.cjs",
      type: "cjs",
      content: `#!node
undeclared$sloppy = 1; with ({ w: 2 }) exports.w = w; <!-- a comment
--> another
exports.same = this === exports; exports.r = require("r"); exports.p = import("./x"); var await_ = function await() {};
if (exports.w) return; exports.never = 1 // no line end`,
    }),
  );
  const module = { exports: {} as Record<string, unknown> };
  const body = definition?.[5] as unknown as Function;
  Reflect.apply(body, module.exports, [
    module,
    module.exports,
    (name: string) => `required ${name}`,
    (name: string) => `imported ${name}`,
  ]);
  assert.equal(module.exports, { w: 2, same: true, r: "required r", p: "imported ./x" });
  assert.is(definition?.[1], "cjs");
  delete (globalThis as Record<string, unknown>)["undeclared$sloppy"];
});

test("transformUpload wraps a service worker's script and refuses modules beside it", () => {
  const script: UploadModule = {
    name: "worker.js",
    type: "script",
    content: `"use strict"; globalThis.said = [this === globalThis, typeof module, (() => { try { x$ = 1 } catch { return "strict" } })()]`,
  };
  const result = transformUpload(upload(script, { name: "a.txt", type: "text", content: "a" }), LIMITS);
  assert.is(result.ok && result.version.format, "service-worker");
  const [definition] = definitions(upload(script));
  Reflect.apply(definition?.[5] as unknown as Function, globalThis, []);
  assert.equal((globalThis as Record<string, unknown>)["said"], [true, "undefined", "strict"]);
  delete (globalThis as Record<string, unknown>)["said"];

  assert.match(
    problems(upload(script, esm("a.js", "")))[0] ?? "",
    "a.js:null:null a worker in service-worker format has one script",
  );
  assert.match(
    problems(upload(esm("a.js", ""), script))[0] ?? "",
    "only the main module can be of type script",
  );
  assert.match(
    problems(upload({ ...script, content: "return 1" }))[0] ?? "",
    "worker.js:1:1 SyntaxError: 'return' outside of function",
  );
});

test("transformUpload tells what a script declares for all to see", () => {
  const content = `var a = early + 1; for (var { b, c: [d] } of []); function f() { var inner; return a } { let no; function nor() {} } if (a) { var late = "late" }
    const neither = 1; class Nor {} var share, to; early = typeof a;`;
  const [definition] = definitions(
    upload({ name: "worker.js", type: "script", content: `var early; ${content}` }),
  );
  const shared: Record<string, [get: () => unknown, set?: (value: unknown) => void]> = {};
  const share = (all: [string, () => unknown, ((value: unknown) => void)?][]): void => {
    for (const [name, ...access] of all) shared[name] = access;
    shared["early"]?.[1]?.(41);
  };
  Reflect.apply(definition?.[5] as unknown as Function, globalThis, [share]);
  assert.equal(Object.keys(shared).sort(), ["a", "b", "d", "early", "f", "late", "share", "to"]);
  assert.equal(
    [shared["a"]?.[0](), shared["late"]?.[0](), shared["early"]?.[0](), shared["f"]?.length],
    [42, "late", "number", 1],
  );
  shared["a"]?.[1]?.(7);
  assert.is((shared["f"]![0]() as () => number)(), 7);
});

test("transformUpload does not let a comment rename the script", () => {
  for (const type of ["esm", "cjs", "script"] as const) {
    const content = `//# sourceURL=node:evil\n//@ sourceURL=evil\nlet a = 1; //# sourceMappingURL=x\n${type === "cjs" ? "exports.stack = " : "globalThis.stack = "}new Error().stack`;
    const [definition] = definitions(upload({ name: "a", type, content }));
    const exports: { stack?: string } = type === "cjs" ? {} : (globalThis as { stack?: string });
    const body = definition?.[5] as unknown as Function;
    if (type === "esm") {
      const iterator = body([], {}, null, () => {});
      iterator.next();
      iterator.next();
    } else Reflect.apply(body, exports, [{ exports }, exports]);
    assert.match(exports.stack ?? "", `${VERSION_SCRIPT_NAME}:6:`);
    assert.not.match(exports.stack ?? "", "evil");
    delete exports.stack;
  }
});

test("transformUpload keeps code within its function, whatever it tries", () => {
  for (const content of [
    "})], globalThis.broke = 1, [function() {({",
    "}});globalThis.broke = 1;(function(){({",
    "return 1",
    "yield 1",
    "new.target",
    "await: 1",
    "super.x",
  ]) {
    assert.is(problems(upload(esm("a.js", content))).length, 1, content);
  }
  for (const content of ["/*", "`${", "'", "\0", "\ud800", "a\u200b", "<!--", "-->", "//\n-->"]) {
    assert.is(problems(upload(esm("a.js", content))).length, 1, JSON.stringify(content));
  }
  assert.equal(problems(upload(esm("a.js", "//"), esm("b.js", "/* */ //-->"), esm("c.js", "'<!--'"))), []);
});

test("transformUpload accepts JSON with a byte order mark, and passes text and data as they are", () => {
  const result = transformUpload(
    upload(
      esm("a.js", ""),
      { name: "b.json", type: "json", content: Uint8Array.of(0xef, 0xbb, 0xbf, 0x31) },
      { name: "c.txt", type: "text", content: "\ufeffx\r\n" },
      { name: "./d.bin", type: "data", content: Uint8Array.of(255, 0) },
    ),
    LIMITS,
  );
  assert.equal(result.ok && result.version.code.values, [
    { name: "b.json", kind: "json", value: "1" },
    { name: "c.txt", kind: "text", value: "\ufeffx\r\n" },
    { name: "d.bin", kind: "data", value: Uint8Array.of(255, 0) },
  ]);
});

test("transformUpload refuses code that grows without end when it is linked", () => {
  const long = "l".repeat(10_000);
  const found = problems(
    upload(
      esm("a.js", `import { ${long} as a } from "./b.js";${"a;".repeat(1_000)}`),
      esm("b.js", `export let ${long}`),
    ),
  );
  assert.equal(found, ["a.js:null:null the code grows beyond 2000000 bytes when it is linked"]);
});

test.run();
