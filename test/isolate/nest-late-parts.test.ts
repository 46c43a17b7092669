import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nestLateParts } from "../../src/isolate/nest-late-parts.ts";
import { smallBundle } from "./small-bundle.ts";

const FILES = {
  "entry.ts": `import { log } from "./early.ts";
    declare function require(path: string): { run(): string };
    export const one = (): string => require("./one.ts").run();
    export const evaluateTwo = (): void => void require("./two.ts");
    export const two = (): string => require("./two.ts").run();
    export const again = (): string => require("./one.ts").run() + log.join();`,
  "early.ts": `export const log: string[] = []; export function note(text: string): void { log.push(text); }`,
  "one.ts": `import { note } from "./early.ts"; import { shared } from "./shared.ts"; import { helpOne } from "./help-one.ts";
    note("one evaluated"); export function run(): string { return helpOne() + shared(); }`,
  "help-one.ts": `import { note } from "./early.ts"; note("help evaluated"); export function helpOne(): string { return "helped "; }`,
  "two.ts": `import { shared } from "./shared.ts"; class Two { static name2 = "two "; }
    export function run(): string { return Two.name2 + shared(); }`,
  "shared.ts": `import { note } from "./early.ts"; note("shared evaluated"); export function shared(): string { return "shared"; }`,
};

/** What the scope of the bundle itself declares. */
function names(script: string): string[] {
  return [...script.matchAll(/^ {2}function (\w+)/gm)].map((match) => match[1]!);
}

test("nestLateParts() keeps what the bundle does, and when files are evaluated", async () => {
  const { text, inputs } = await smallBundle(FILES);
  for (const script of [text, nestLateParts(text, inputs, "src/entry.ts")]) {
    const made = runInNewContext(`${script}; made`) as Record<
      "one" | "two" | "again" | "evaluateTwo",
      () => string
    >;
    made.evaluateTwo();
    assert.is(made.two(), "two shared");
    assert.is(made.one(), "helped shared");
    assert.is(made.again(), "helped sharedshared evaluated,help evaluated,one evaluated");
  }
});

test("nestLateParts() leaves outside only what early code and several parts need", async () => {
  const { text, inputs } = await smallBundle(FILES);
  assert.equal(names(text).sort(), ["helpOne", "note", "run", "run2", "shared"]);
  const nested = nestLateParts(text, inputs, "src/entry.ts");
  const outside = nested.slice(nested.lastIndexOf("\n};\n"));
  assert.equal(names(outside).sort(), ["note", "shared"]);
});

test("nestLateParts() refuses a bundle whose form it does not know", async () => {
  const { text, inputs } = await smallBundle(FILES);
  const renamed = text.replace("// src/help-one.ts", "// src/other.ts");
  assert.throws(() => nestLateParts(renamed, inputs, "src/entry.ts"), /not in it: src\/other\.ts/);
  const unused = text.replaceAll(/init_one\(\)/g, "other()");
  assert.throws(() => nestLateParts(unused, inputs, "src/entry.ts"), /never evaluates src\/one\.ts/);
});

test.run();
