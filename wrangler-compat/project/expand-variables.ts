const REFERENCE = /\\\$|\$\{(\w+)(?::?-((?:\\\}|[^}])*))?\}|\$(\w+)/g;
/** References that lead to references. */
const DEEPEST = 20;

/**
 * Replaces `$NAME`, `${NAME}` and `${NAME:-default}` in values by other values, or by those of `base`; `\$` is a plain
 * dollar. What refers to itself, or to nothing, is empty.
 */
export function expandVariables(
  values: Readonly<Record<string, string>>,
  base: Readonly<Record<string, string>>,
): Record<string, string> {
  const expand = (text: string, depth: number): string =>
    text.replaceAll(REFERENCE, (match, braced?: string, fallback?: string, bare?: string) => {
      if (match === "\\$") return "$";
      const name = braced ?? bare ?? "";
      const found = base[name] ?? values[name];
      if (found !== undefined && found !== "") return depth < DEEPEST ? expand(found, depth + 1) : "";
      return fallback === undefined || depth >= DEEPEST ? "" : expand(fallback, depth + 1);
    });
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, expand(text, 0)]));
}
