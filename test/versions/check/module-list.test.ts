import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkModuleList } from "../../../src/versions/check/module-list.ts";
import { MAX_MODULES } from "../../../src/versions/upload.ts";
import type { UploadModule } from "../../../src/versions/upload.ts";

function reasons(...names: string[]): string[] {
  const modules = names.map((name): UploadModule => ({ name, type: "esm", content: "" }));
  return checkModuleList({ main: names[0] ?? "", modules }).map(({ reason }) => reason);
}

test("checkModuleList accepts the names that tools send", () => {
  assert.equal(
    reasons(
      "index.js",
      "./c60f-add.wasm.js",
      "a/b/c.mjs",
      "with space.js",
      "ünï.js",
      "a/../b.js",
      "constructor",
      "__proto__",
    ),
    [],
  );
});

test("checkModuleList refuses names that lead out of the upload or break a file system", () => {
  for (const [name, reason] of Object.entries({
    "../x.js": "out of the upload",
    "a/../../x.js": "out of the upload",
    ".": "out of the upload",
    "/etc/passwd": "absolute",
    "C:/x.js": "drive",
    "c:x.js": "drive",
    "a\\b.js": "backslash",
    "a\0b.js": "NUL",
    "a\nb.js": "control",
    "a\u2028b.js": "control",
    "": "empty",
    "node:fs": "scheme",
    "cloudflare:workers": "scheme",
    "file:///a.js": "scheme",
    "\ud800.js": "well-formed",
    ["x".repeat(600)]: "longer",
  })) {
    const found = reasons("index.js", name);
    assert.is(found.length, 1, JSON.stringify(name));
    assert.match(found[0] ?? "", reason);
  }
});

test("checkModuleList refuses names that differ in spelling only", () => {
  for (const other of ["index.js", "./index.js", "INDEX.js", "a/../index.js", ".//index.js"]) {
    assert.match(reasons("index.js", other)[0] ?? "", 'the name is taken by "index.js"');
  }
  assert.match(reasons("caf\u00e9.js", "cafe\u0301.js")[0] ?? "", "taken");
});

test("checkModuleList wants a main module that is code", () => {
  const text: UploadModule = { name: "a.txt", type: "text", content: "" };
  assert.match(checkModuleList({ main: "b.js", modules: [text] })[0]?.reason ?? "", "not among");
  assert.match(checkModuleList({ main: "a.txt", modules: [text] })[0]?.reason ?? "", "must be code");
  assert.match(checkModuleList({ main: "", modules: [] })[0]?.reason ?? "", "not among");
});

test("checkModuleList refuses unknown types and too many modules", () => {
  const python = { name: "a.py", type: "python", content: "" } as unknown as UploadModule;
  assert.match(
    checkModuleList({ main: "a.py", modules: [python] })[0]?.reason ?? "",
    '"python" is not one of esm, cjs',
  );
  const many = Array.from({ length: MAX_MODULES + 1 }, (_, index) => `${index}.js`);
  assert.equal(reasons(...many), [
    `the upload has ${many.length} modules; at most ${MAX_MODULES} are allowed`,
  ]);
});

test.run();
