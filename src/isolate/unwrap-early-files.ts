import type { BundleInputs } from "./nest-late-parts.ts";

const FILE = /^( *\/\/ \S+\.[cm]?[jt]s)$/m;
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
  const early = filesOf(inputs, entry);
  const [before, ...pieces] = script.split(FILE) as [string, ...string[]];
  /** Code of the files that are in functions, by the function's name. */
  const wrapped = new Map<string, string>();
  for (let i = 0; i < pieces.length; i += 2) {
    if (!early.has(pieces[i]!.trim().slice(3))) continue;
    pieces[i + 1] = pieces[i + 1]!.replace(WRAPPED, (_all, start: string, call: string, body: string) => {
      wrapped.set(call, body);
      return start === "var " ? "" : ";\n";
    });
  }
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
  let unwrapped = before;
  for (let i = 0; i < pieces.length; i += 2) {
    const [comment, text] = [pieces[i]!, pieces[i + 1]!];
    const isEarly = early.has(comment.trim().slice(3));
    unwrapped += `${comment}\n${isEarly ? evaluate(text) : ""}`;
    unwrapped += withoutCalls(text);
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

/** Files that are evaluated with the entry. */
function filesOf(inputs: BundleInputs, entry: string): Set<string> {
  const found = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const { path, kind } of inputs[file]?.imports ?? [])
      if (kind === "import-statement") open.push(path);
  }
  return found;
}
