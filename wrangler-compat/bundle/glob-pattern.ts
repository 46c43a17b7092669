/**
 * A pattern of wrangler's rules as a regular expression: `*` is any text, and everything else itself.
 * @param hasFolders Then `*` ends at a `/`, and `**` is any number of folders. Patterns of files have them, those of
 * imports have not.
 */
export function globPattern(glob: string, hasFolders: boolean): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*+|[^*]/gs, (part) => {
    if (part === "**/") return hasFolders ? "(?:[^/]*/)*" : ".*/";
    if (part.startsWith("*")) return hasFolders && part.length === 1 ? "[^/]*" : ".*";
    return part.replaceAll(/[.+?^${}()|[\]\\/]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source}$`);
}
