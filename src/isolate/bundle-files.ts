/** What is asked of the bundler's account of a bundle: which file imports which, and how. */
export interface BundleInputs {
  readonly [path: string]: {
    readonly imports: readonly { readonly path: string; readonly kind: string }[];
  };
}

/** A file's code in a bundle. */
export interface BundledFile {
  readonly path: string;
  readonly text: string;
}

/** Takes a bundle apart by the comments by which the bundler tells files apart. */
export function splitBundle(script: string): {
  /** The bundler's own functions. */
  readonly helpers: string;
  readonly files: readonly BundledFile[];
} {
  const [helpers, ...pieces] = script.split(/^ *\/\/ (\S+\.[cm]?[jt]s)$/m) as [string, ...string[]];
  const files: BundledFile[] = [];
  for (let i = 0; i < pieces.length; i += 2) files.push({ path: pieces[i]!, text: pieces[i + 1]! });
  return { helpers, files };
}

/** Files that are evaluated with the entry. @param entry its path in the bundler's account */
export function earlyFiles(inputs: BundleInputs, entry: string): Set<string> {
  return reachable(inputs, entry, (kind) => kind === "import-statement");
}

/** A file with all that it imports in ways that are followed. */
export function reachable(
  inputs: BundleInputs,
  from: string,
  follows: (kind: string) => boolean,
): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const { path, kind } of inputs[file]?.imports ?? []) if (follows(kind)) open.push(path);
  }
  return found;
}
