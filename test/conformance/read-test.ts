import { readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

/** One test file with one of its variants: what is run in an isolate of its own. */
export interface TestUnit {
  /** Path from the checkout's root, with the variant: `url/url-constructor.any.js?include=file`. */
  readonly id: string;
  readonly file: string;
  readonly variant: string;
  /** Scripts to run before the test, as paths from the checkout's root. */
  readonly scripts: readonly string[];
  readonly isLong: boolean;
  readonly title: string;
}

const META = /^\/\/\s*META:\s*(\w+)=(.*)$/;
const WORKER_GLOBALS =
  /^(?:dedicatedworker|dedicatedworker-module|worker|serviceworker|sharedworker|shadowrealm)$/;

/** The same test once more over TLS with a certificate of the checkout's own, which nobody trusts. */
const OTHER_TRANSPORT = /^\?(?:wss|wpt_flags=h2)$/;

/** The units of a test file; none where it is for windows only. */
export function readTest(checkout: string, file: string): TestUnit[] {
  const text = readFileSync(join(checkout, file), "utf8");
  const meta = metaOf(text);
  const globals = meta.get("global")?.flatMap((value) => value.split(","));
  if (globals !== undefined && !globals.some((name) => WORKER_GLOBALS.test(name.trim()))) return [];
  const scripts = [...(meta.get("script") ?? []), ...importedScripts(text)]
    .filter((script) => !script.endsWith("/resources/testharness.js"))
    .map((script) => resolveScript(file, script));
  const variants = (meta.get("variant") ?? [""]).filter((variant) => !OTHER_TRANSPORT.test(variant));
  return variants.map((variant) => ({
    id: file + variant,
    file,
    variant,
    scripts,
    isLong: meta.get("timeout")?.includes("long") ?? false,
    title: meta.get("title")?.[0] ?? file,
  }));
}

/** Reads a script of the checkout; `.sub.` files are given by the server with their places filled in. */
export function isSubstituted(script: string): boolean {
  return script.includes(".sub.");
}

function metaOf(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const match = META.exec(line);
    if (match === null) {
      if (line.startsWith("//") || line.trim() === "") continue;
      break;
    }
    const [, key = "", value = ""] = match;
    found.set(key, [...(found.get(key) ?? []), value.trim()]);
  }
  return found;
}

/** What a worker script imports at its top: it is run before it instead. */
function importedScripts(text: string): string[] {
  const scripts: string[] = [];
  for (const [, list = ""] of text.matchAll(/^\s*importScripts\(([^)]*)\)/gm)) {
    for (const [, name = ""] of list.matchAll(/["']([^"']+)["']/g)) scripts.push(name);
  }
  return scripts;
}

function resolveScript(file: string, script: string): string {
  return script.startsWith("/") ? script.slice(1) : posix.normalize(posix.join(dirname(file), script));
}
