import { runInNewContext } from "node:vm";
import { transform } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cutLateParts, type CutScript, markLatePart } from "../../src/isolate/cut-late-parts.ts";

const LONG = `const text = "${"long ".repeat(300)}";`;
const PARTS = [
  `() => { return () => "short " + secretName() }`,
  `() => { ${LONG} return () => { calls++; return text.length + secretName(); } }`,
  `() => { ${LONG} undeclared = 1; }`,
];
const [short, long, sloppy] = PARTS.map((made, number) => markLatePart(made, number));
const SCRIPT = `(() => {
"use strict";
let calls = 0;
function secretName() { return " of " + calls; }
const short = ${short}, long = ${long}, sloppy = ${sloppy};
return (texts) => { skerryLate.text = texts; return { short: () => short()(), long: () => long()(), sloppy }; };
})();
`;

async function cut(): Promise<CutScript> {
  const { code } = await transform(SCRIPT, { minify: true, charset: "ascii", target: "es2024" });
  return cutLateParts(code, "file:parts");
}

test("cutLateParts() leaves a script that works as it did", async () => {
  const { script, parts } = await cut();
  assert.equal(Object.keys(parts), ["late-1", "late-2"]);
  assert.not.ok(script.includes("long long"));
  const asked: string[] = [];
  const context: Record<string, unknown> = {};
  const start = runInNewContext(script, context) as (
    texts: (name: string) => string,
  ) => Record<"short" | "long" | "sloppy", () => unknown>;
  const made = start((name) => {
    asked.push(name);
    return parts[name]!;
  });
  // A worker's own is not what evaluates.
  context["eval"] = () => "tampered";
  assert.is(made.short(), "short  of 0");
  assert.equal(asked, []);
  assert.is(made.long(), "1500 of 1");
  assert.is(made.long(), "1500 of 2");
  assert.throws(made.sloppy, /undeclared is not defined/);
  assert.equal(asked, ["late-1", "late-1", "late-2"]);
  assert.equal(Object.keys(context), ["eval"]);
});

test("cutLateParts() names the frames of parts", async () => {
  const { parts } = await cut();
  assert.match(parts["late-1"]!, /\n\/\/# sourceURL=file:parts\/late-1$/);
});

test("cutLateParts() refuses marks that are not as they were made", () => {
  assert.throws(() => cutLateParts(`(()=>{skerryLatePart("0",()=>{},"other")})()`, "x"), /has no end/);
  assert.throws(() => cutLateParts(`(()=>{skerryLatePart("1",()=>{},"end 1")})()`, "x"), /not numbered/);
});

test.run();
