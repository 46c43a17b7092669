import { type BundleInputs, earlyFiles, reachable, splitBundle } from "./bundle-files.ts";

/**
 * Puts each part of the image that is evaluated late into a function of its own. The bundler lifts the functions
 * of all files into one scope, where V8 knows every one of them from the start: each costs every isolate a closure
 * and a place in the code cache. In a function that nobody has called they are text.
 *
 * A part is a file that code of the image `require`s, with the files that only it imports; files of several parts
 * stay where they are.
 *
 * @param script the bundle, with the comments by which the bundler tells files apart
 * @param inputs the bundler's account of it
 * @param entry the path of its entry in that account
 * @param mark makes something of the text of each part's function and its number, the first being 0
 * @throws Error where the bundle does not have the form that the bundler gives it today
 */
export function nestLateParts(
  script: string,
  inputs: BundleInputs,
  entry: string,
  mark: (made: string, number: number) => string = (made) => made,
): string {
  const owners = partsOfFiles(inputs, entry);
  const { helpers, files } = splitBundle(script);
  const bodies = new Map<string, string>();
  let rest = "";
  for (const { path, text } of files) {
    if (inputs[path] === undefined) throw new Error(`the bundle names a file that is not in it: ${path}`);
    const parts = owners.get(path);
    if (parts?.size === 1) {
      const [part] = parts as unknown as [string];
      bodies.set(part, `${bodies.get(part) ?? ""}${text}`);
    } else rest += text;
  }
  let nested = "";
  let count = 0;
  for (const [part, body] of bodies) {
    const evaluate = new RegExp(`(\\w+) = __esm\\(\\{\\s*"${RegExp.escape(part)}"`).exec(body)?.[1];
    // A file that other parts import too stays outside; what only it needs has no other way in.
    if (evaluate === undefined) {
      rest += body;
      continue;
    }
    // Where nobody wants what the part exports, the bundler writes the first half of the expression only.
    const call = new RegExp(`\\b${RegExp.escape(evaluate)}\\(\\)(?:, (__toCommonJS\\(\\w+\\)))?`, "g");
    const number = count++;
    const name = `latePart${number}`;
    let exports = "undefined";
    let calls = 0;
    rest = rest.replace(call, (_all, given: string | undefined) => {
      calls++;
      exports = given ?? exports;
      return `(${name} ??= ${name}Made())()`;
    });
    if (calls === 0) throw new Error(`the bundle never evaluates ${part}`);
    const made = mark(`() => {\n${body}\nreturn () => (${evaluate}(), ${exports});\n}`, number);
    nested += `var ${name}, ${name}Made = ${made};\n`;
  }
  return `${helpers}${nested}${rest}`;
}

/** For each file that is evaluated late, the parts that it belongs to. */
function partsOfFiles(inputs: BundleInputs, entry: string): Map<string, Set<string>> {
  const early = earlyFiles(inputs, entry);
  const parts = new Set<string>();
  for (const file of early) {
    for (const { path, kind } of inputs[file]!.imports)
      if (kind === "require-call" && !early.has(path)) parts.add(path);
  }
  const owners = new Map<string, Set<string>>();
  for (const part of parts) {
    for (const file of reachable(inputs, part, () => true)) {
      if (early.has(file)) continue;
      const set = owners.get(file) ?? new Set();
      owners.set(file, set.add(part));
    }
  }
  return owners;
}
