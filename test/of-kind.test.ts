import { test } from "uvu";
import * as assert from "uvu/assert";
import { globSync, readFileSync } from "node:fs";
import { ofKind } from "./of-kind.ts";

test("ofKind() holds for errors of the class and of those below it, and for nothing else", () => {
  assert.ok(ofKind(TypeError)(new TypeError("odd")));
  assert.ok(ofKind(Error)(new TypeError("odd")));
  for (const other of [new RangeError("odd"), new Error("odd"), "odd", undefined])
    assert.not.ok(ofKind(TypeError)(other));
});

test("no test gives assert.throws() a class, which would hold for whatever was thrown", () => {
  const classes = /\bthrows\((?:(?!\bthrows\(|;\n)[^])*?,\s*(?:DOMException|\w*Error)\s*(?:,[^,;]*)?,?\s*\);/;
  assert.match("assert.throws(() => f(1, 2),\n  TypeError,\n);", classes);
  assert.match("assert.throws(() => f(), RangeError, `${n}`);", classes);
  assert.not.match("assert.throws(() => f(), ofKind(TypeError));", classes);
  const wrong = globSync("test/**/*.ts").filter(
    (file) => !file.endsWith("of-kind.test.ts") && classes.test(readFileSync(file, "utf8")),
  );
  assert.equal(wrong, []);
});

test.run();
