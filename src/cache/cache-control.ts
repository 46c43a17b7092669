/** A directive of `Cache-Control`; its name in lower case, its value without quotes, null if it has none. */
export interface Directive {
  readonly name: string;
  readonly value: string | null;
}

const DIRECTIVE = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?/gy;
const SEPARATOR = /[\s,;]+|[^\s,;]/gy;

/** Reads a `Cache-Control` value, RFC 9111 §5.2. What is malformed is left out. */
export function readCacheControl(text: string): readonly Directive[] {
  const directives: Directive[] = [];
  const names = new Set<string>();
  for (let at = 0; at < text.length;) {
    DIRECTIVE.lastIndex = at;
    const found = DIRECTIVE.exec(text);
    if (found !== null) {
      const name = found[1]!.toLowerCase();
      // The first of a name holds.
      if (!names.has(name))
        directives.push({ name, value: found[2]?.replace(/\\(.)/g, "$1") ?? found[3] ?? null });
      names.add(name);
      at = DIRECTIVE.lastIndex;
      continue;
    }
    SEPARATOR.lastIndex = at;
    SEPARATOR.exec(text);
    at = Math.max(at + 1, SEPARATOR.lastIndex);
  }
  return directives;
}

/** Names of the headers that a qualified directive speaks of, such as `private="set-cookie"`; null: of the whole response. */
export function fieldNames({ value }: Directive): readonly string[] | null {
  if (value === null || value.trim() === "") return null;
  return value.split(",").map((name) => name.trim().toLowerCase());
}
