import { arrayJoin, arrayPop, arrayPush } from "../../primordials/array.ts";
import { stringLastIndexOf, stringSlice, stringSplit, stringStartsWith } from "../../primordials/string.ts";

/** URL under which `import.meta.url` and errors show an uploaded module. */
const ROOT_URL = "file:///";

/** The one spelling of a module's name: no `.` or empty segments, `..` resolved; undefined if it leads out. */
export function canonicalName(path: string): string | undefined {
  const given = stringSplit(path, "/");
  const segments: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const segment = given[i] as string;
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") arrayPush(segments, segment);
    else if (arrayPop(segments) === undefined) return undefined;
  }
  return segments.length === 0 ? undefined : arrayJoin(segments, "/");
}

/**
 * The names that `specifier` may mean in the module `importer`, best first: relative ones are looked
 * for beside the importer, others by exact name, each with the other way as second try.
 */
export function candidates(
  specifier: string,
  importer: string,
): readonly [string | undefined, string | undefined] {
  if (stringStartsWith(specifier, ROOT_URL))
    return [canonicalName(stringSlice(specifier, ROOT_URL.length)), undefined];
  const folder = stringSlice(importer, 0, stringLastIndexOf(importer, "/") + 1);
  const beside = canonicalName(folder + specifier);
  const exact = canonicalName(specifier);
  const relative = stringStartsWith(specifier, "./") || stringStartsWith(specifier, "../");
  return relative ? [beside, exact] : [exact, beside];
}

/** `import.meta.url` of a module. */
export function moduleUrl(name: string): string {
  return ROOT_URL + name;
}
