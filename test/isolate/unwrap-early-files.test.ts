import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nestLateParts } from "../../src/isolate/nest-late-parts.ts";
import { shortenWrappers, unwrapEarlyFiles } from "../../src/isolate/unwrap-early-files.ts";
import { smallBundle } from "./small-bundle.ts";

/** The bundler wraps what `late.ts` imports, which is all but `entry.ts` and `plain.ts`. */
const FILES = {
  "entry.ts": `import { log, note } from "./log.ts"; import "./plain.ts"; import { Second } from "./second.ts";
    declare function require(path: string): { run(): string };
    note("entry"); export const second = (): string => new Second().name;
    export const late = (): string => require("./late.ts").run(); export const all = (): string => log.join();`,
  "log.ts": `export const log: string[] = []; export function note(text: string): void { log.push(text); }`,
  "plain.ts": `import { note } from "./log.ts"; import { first } from "./first.ts"; note("plain after " + first);`,
  "first.ts": `import { note } from "./log.ts"; note("first"); export const first = "first";
    for (const name of ["a"]) note(name);`,
  "second.ts": `import { note } from "./log.ts"; import { first } from "./first.ts"; note("second");
    export class Second { name = first + " of second"; }`,
  "late.ts": `import { note } from "./log.ts"; import { first } from "./first.ts"; import { Second } from "./second.ts";
    import { help } from "./help.ts"; note("late"); export function run(): string { return help(first + new Second().name); }`,
  "help.ts": `import { note } from "./log.ts"; note("help"); export const help = (text: string): string => "helped " + text;`,
};
const ENTRY = "src/entry.ts";

test("unwrapEarlyFiles() and shortenWrappers() keep what the bundle does, and the order of evaluation", async () => {
  const { text, inputs } = await smallBundle(FILES);
  const unwrapped = unwrapEarlyFiles(text, inputs, ENTRY);
  const scripts = [text, unwrapped, shortenWrappers(nestLateParts(unwrapped, inputs, ENTRY))];
  for (const script of scripts) {
    const made = runInNewContext(`${script}; made`) as Record<"second" | "late" | "all", () => string>;
    assert.is(made.all(), "first,a,plain after first,second,entry");
    assert.is(made.second(), "first of second");
    assert.is(made.late(), "helped firstfirst of second");
    assert.is(made.late(), "helped firstfirst of second");
    assert.is(made.all(), "first,a,plain after first,second,entry,help,late");
  }
});

test("unwrapEarlyFiles() leaves functions only to what is late, shortenWrappers() no file's path", async () => {
  const { text, inputs } = await smallBundle(FILES);
  assert.equal(wrapped(text), ["first", "help", "late", "log", "second"]);
  const unwrapped = unwrapEarlyFiles(text, inputs, ENTRY);
  assert.equal(wrapped(unwrapped), ["help", "late"]);
  assert.not.match(unwrapped, /init_(first|log|second)/);
  assert.not.match(shortenWrappers(unwrapped), /"src\/|getOwnPropertyNames\(fn\)/);
});

test("unwrapEarlyFiles() and shortenWrappers() refuse a bundle whose form they do not know", async () => {
  const { text, inputs } = await smallBundle(FILES);
  assert.throws(
    () => unwrapEarlyFiles(text.replaceAll("init_first()", "other()"), inputs, ENTRY),
    /never calls init_first at its top level/,
  );
  assert.throws(() => shortenWrappers(text.replace("(fn = 0)", "(fn)")), /evaluates files in another way/);
});

/** Files that stand in a function of the bundler's. */
function wrapped(script: string): string[] {
  return [...script.matchAll(/^ {4}"src\/([a-z]+)\.ts"\(\)/gm)].map((match) => match[1]!).sort();
}

test.run();
