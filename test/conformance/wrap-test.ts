import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EVAL_NAME, evalTable } from "./eval-table.ts";
import { globalNames } from "./global-names.ts";
import { isSubstituted, type TestUnit } from "./read-test.ts";

/** Milliseconds that a file and one of its subtests may take. */
export interface TestTimes {
  readonly fileMs: number;
  readonly subtestMs: number;
}

/** @param patience what they are multiplied by */
export function timesOf(unit: TestUnit, patience: number): TestTimes {
  const [fileMs, subtestMs] = unit.isLong ? [60_000, 20_000] : [25_000, 5_000];
  return { fileMs: fileMs * patience, subtestMs: subtestMs * patience };
}

/** Modules of a worker that runs one unit and answers a request with its results as JSON. */
export interface WrappedTest {
  readonly main: string;
  /** Sloppy CommonJS: harness, scripts and test in one function, so that they see each other's names. */
  readonly test: string;
}

/** Names of the two modules. */
export const MAIN_NAME = "main.mjs";
export const TEST_NAME = "test.cjs";

const MAIN = `import run from "./${TEST_NAME}";
export default { fetch: () => run().then((text) => new Response(text)) };
`;

/**
 * Makes a worker of a unit. Harness, scripts and test are one function, run in one go: outside of a browser
 * the harness takes everything as loaded after the first microtask.
 *
 * @param origin where the checkout is served; scripts that the server fills in come from there
 */
export async function wrapTest(
  checkout: string,
  unit: TestUnit,
  origin: string,
  { fileMs, subtestMs }: TestTimes,
): Promise<WrappedTest> {
  const url = `${origin}/${unit.file.replace(/\.js$/, ".worker.html")}${unit.variant}`;
  const scripts: string[] = [];
  const test = await scriptText(checkout, unit.file, origin);
  for (const script of unit.scripts) {
    const text = await scriptText(checkout, script, origin);
    if (script.endsWith("resources/idlharness.js"))
      scripts.push(evalTable(test), text.replace("= eval(", `= ${EVAL_NAME}(`));
    else scripts.push(text);
  }
  return {
    main: MAIN,
    test: `module.exports = function () { return new Promise((skerryReport) => (function (module, exports, require) { (function () {
${PROLOGUE(url, unit.title)}
${harnessText(checkout, subtestMs)}
${REPORTER(fileMs)}
${[...scripts.map(asGlobal), inOwnMode(test.replaceAll(/^\s*importScripts\([^)]*\);?/gm, ""))].join("\n;\n")}
}).call(this); }).call(globalThis)); };
`,
  };
}

/** The test itself: strict where it says so, which it can say in a function of its own only. */
function inOwnMode(test: string): string {
  const isStrict = /^(?:\s|\/\/.*|\/\*[^]*?\*\/)*["']use strict["']/.test(test);
  return isStrict ? `(function () { "use strict";\n${asGlobal(test)}\n}).call(globalThis);` : asGlobal(test);
}

function asGlobal(script: string): string {
  const { before, after } = globalNames(script);
  return `${before}\n${script}\n;${after}`;
}

/** The harness in its form for shells: nothing of a browser's worker is there for it to talk to. */
function harnessText(checkout: string, subtestMs: number): string {
  const text = readFileSync(join(checkout, "resources/testharness.js"), "utf8");
  const places: readonly (readonly [string, string])[] = [
    [
      "var test_environment = create_test_environment();",
      "var test_environment = new ShellTestEnvironment();",
    ],
    ["test_timeout:null", `test_timeout:${subtestMs}`],
  ];
  return places.reduce((all, [from, to]) => {
    if (!all.includes(from))
      throw new Error(`the harness of this checkout has no "${from}": its form is not known`);
    return all.replace(from, to);
  }, text);
}

async function scriptText(checkout: string, script: string, origin: string): Promise<string> {
  // Some scripts exist only as routes of the server.
  const file = join(checkout, script);
  if (!isSubstituted(script) && existsSync(file)) return readFileSync(file, "utf8");
  const response = await fetch(`${origin}/${script}`);
  if (!response.ok) throw new Error(`${script}: the server of the checkout answered ${response.status}`);
  return await response.text();
}

/** What a worker of a browser has and tests lean on. */
const PROLOGUE = (url: string, title: string): string => `
if (globalThis.self === undefined) globalThis.self = globalThis;
{
  const here = new URL(${JSON.stringify(url)});
  const { href, origin, protocol, host, hostname, port, pathname, search, hash } = here;
  const location = { href, origin, protocol, host, hostname, port, pathname, search, hash, toString: () => href };
  Object.defineProperty(globalThis, "location", { value: location, configurable: true, writable: true });
  globalThis.META_TITLE = ${JSON.stringify(title)};
  globalThis.GLOBAL = { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false };
  const nativeFetch = globalThis.fetch;
  const absolute = (input) => {
    if (typeof input !== "string" && !(input instanceof URL)) return input;
    try { return new URL(input, here).href; } catch { return input; }
  };
  const wrapper = { fetch(input, init) { return arguments.length === 0 ? nativeFetch() : nativeFetch(absolute(input), init); } }.fetch;
  Object.defineProperty(wrapper, "length", { value: 1, configurable: true });
  globalThis.fetch = wrapper;
  const nativeRequest = globalThis.Request;
  globalThis.Request = new Proxy(nativeRequest, {
    construct: (target, [input, ...rest], made) =>
      Reflect.construct(target, input === undefined ? [] : [absolute(input), ...rest], made === Request ? target : made),
  });
  nativeRequest.prototype.constructor = globalThis.Request;
  const redirect = Response.redirect;
  Response.redirect = { redirect(url, ...rest) { return arguments.length === 0 ? redirect() : redirect(absolute(url), ...rest); } }.redirect;
  Object.defineProperty(Response.redirect, "length", { value: 1, configurable: true });
  if (globalThis.EventSource !== undefined) {
    const construct = (target, [url, ...rest], made) =>
      Reflect.construct(target, url === undefined ? [] : [absolute(String(url)), ...rest], made);
    globalThis.EventSource = new Proxy(EventSource, { construct });
  }
}`;

/** Gives the results when all are in, or what there is when the time is over. */
const REPORTER = (fileMs: number): string => `
{
  const results = [];
  let reported = false;
  const report = (ended) => {
    if (reported) return;
    reported = true;
    skerryReport(JSON.stringify({ ended, results }));
  };
  add_result_callback((test) => { results.push([String(test.name), test.status, String(test.message ?? "").slice(0, 300)]); });
  add_completion_callback((tests, harness) => report(harness.status === 0 ? "ok" : "harness: " + String(harness.message ?? harness.status).slice(0, 300)));
  setTimeout(() => report("timeout"), ${fileMs - 2_000});
}`;
