import { MAX_NAME_CHARS } from "./upload.ts";

/** Modules that the runtime itself brings; importing any other scheme is refused. */
export const BUILTIN_MODULES: ReadonlySet<string> = new Set([
  "cloudflare:email",
  "cloudflare:workers",
  "cloudflare:workflows",
]);

/**
 * The one spelling of a module's name: without `./` and empty segments, `..` resolved. Undefined if
 * the path leaves the upload or names nothing.
 */
export function canonicalName(path: string): string | undefined {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.length === 0 ? undefined : segments.join("/");
}

/** Why `name` cannot be the name of a module, or undefined if it can. */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "the name is empty";
  if (name.length > MAX_NAME_CHARS) return `the name is longer than ${MAX_NAME_CHARS} characters`;
  if (!name.isWellFormed()) return "the name is not well-formed Unicode";
  if (name.includes("\0")) return "the name holds a NUL character";
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\u0001-\u001f\u007f\u2028\u2029]/.test(name)) return "the name holds a control character";
  if (name.includes("\\")) return 'the name holds a backslash; separate folders by "/"';
  if (name.startsWith("/")) return "the name is an absolute path; name modules relative to the upload";
  if (/^[a-z]:/i.test(name))
    return "the name begins with a drive letter; name modules relative to the upload";
  if (BUILTIN_MODULES.has(name) || /^[a-z][a-z0-9+.-]*:/i.test(name)) return "the name begins with a scheme";
  if (canonicalName(name) === undefined) return "the name leads out of the upload";
  return undefined;
}

/** Two names that a file system or a person could take for each other have the same key. */
export function collisionKey(name: string): string {
  return name.normalize("NFC").toLowerCase().normalize("NFC");
}

/**
 * Finds the module that `specifier` means in the module `importer` (a canonical name): relative ones
 * against the importer's folder, others by exact name, each with the other way as second try.
 *
 * @returns the canonical name, the specifier itself for a built-in module, or undefined
 */
export function resolveSpecifier(
  specifier: string,
  importer: string,
  has: (name: string) => boolean,
): string | undefined {
  if (BUILTIN_MODULES.has(specifier)) return specifier;
  const folder = importer.slice(0, importer.lastIndexOf("/") + 1);
  const fromFolder = canonicalName(folder + specifier);
  const exact = canonicalName(specifier);
  const tries = /^\.\.?\//.test(specifier) ? [fromFolder, exact] : [exact, fromFolder];
  return tries.find((name) => name !== undefined && has(name));
}
