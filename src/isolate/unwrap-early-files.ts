import { type BundleInputs, earlyFiles, splitBundle } from "./bundle-files.ts";

const WRAPPED = /(var |, )(init_\w+) = __esm\(\{\n {4}"[^"\n]+"\(\) \{\n(.*?\n) {4}\}\n {2}\}\);\n/gs;
const INIT = /\b(init_\w+)\(\)/g;
const BY_NAME = "(0, fn[__getOwnPropNames(fn)[0]])(fn = 0)";

/**
 * Takes the files that are evaluated at boot out of the functions in which the bundler keeps every file that a late
 * part imports too: their code stands where the first file that needs it stands, in the order of evaluation. The
 * function, what calls it and the bundler's object for it would stay in every isolate. Files that are evaluated late
 * keep theirs, without the object.
 *
 * @param script the bundle, with the comments by which the bundler tells files apart; syntax and names as it writes them
 * @param inputs the bundler's account of it
 * @param entry the path of its entry in that account
 * @throws Error where the bundle does not have the form that the bundler gives it today
 */
export function unwrapEarlyFiles(script: string, inputs: BundleInputs, entry: string): string {
  const early = earlyFiles(inputs, entry);
  const { helpers, files } = splitBundle(script);
  /** Code of the files that are in functions, by the function's name. */
  const wrapped = new Map<string, string>();
  const unwrap = (text: string): string =>
    text.replace(WRAPPED, (_all, start: string, call: string, body: string) => {
      wrapped.set(call, body);
      return start === "var " ? "" : ";\n";
    });
  // All at first: a file may need one that stands behind it.
  const texts = files.map(({ path, text }) => (early.has(path) ? unwrap(text) : text));
  const withoutCalls = (text: string): string =>
    text.replace(INIT, (all, call: string) => (wrapped.has(call) ? "0" : all));
  const evaluated = new Set<string>();
  const evaluate = (text: string): string => {
    let bodies = "";
    for (const [, call] of text.matchAll(INIT)) {
      const body = wrapped.get(call!);
      if (body === undefined || evaluated.has(call!)) continue;
      evaluated.add(call!);
      bodies += `${evaluate(body)}{\n${withoutCalls(body)}}\n`;
    }
    return bodies;
  };
  let unwrapped = helpers;
  for (const [i, { path }] of files.entries()) {
    const text = texts[i]!;
    unwrapped += `// ${path}\n${early.has(path) ? evaluate(text) : ""}${withoutCalls(text)}`;
  }
  for (const call of wrapped.keys())
    if (!evaluated.has(call)) throw new Error(`the bundle never calls ${call} at its top level`);
  return unwrapped;
}

/**
 * Has the bundler's functions for files, where they are left, stand for themselves: each stands in an object of its own,
 * by the file's path.
 */
export function shortenWrappers(script: string): string {
  if (!script.includes(BY_NAME)) throw new Error("the bundler evaluates files in another way than it did");
  return script.replace(BY_NAME, "fn(fn = 0)").replaceAll(WRAPPED, "$1$2 = __esm(() => {\n$3});\n");
}
