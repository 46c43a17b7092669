import { EgressError } from "./egress-error.ts";

/** How names of headers are written, by the name in lower case. */
export type Spelling = ReadonlyMap<string, string>;

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const MAX_CHARS = 64 * 1024;
const AS_THEY_ARE: Spelling = new Map();

/**
 * Reads how the worker wrote the names of its headers; the first way of writing one holds.
 * @throws {EgressError} for a malformed call
 */
export function readSpelling(names: unknown = ""): Spelling {
  if (names === "") return AS_THEY_ARE;
  if (typeof names !== "string" || names.length > MAX_CHARS) throw malformed();
  const spelling = new Map<string, string>();
  for (const name of names.split("\n")) {
    if (!NAME.test(name)) throw malformed();
    const key = name.toLowerCase();
    if (!spelling.has(key)) spelling.set(key, name);
  }
  return spelling;
}

/**
 * Headers as they go over the wire: `name, value, …`, the values of one name together, but for cookies. HTTP takes names
 * in any case for the same; some servers do not.
 */
export function spell(headers: readonly string[], spelling: Spelling): string[] {
  const written: string[] = [];
  const at = new Map<string, number>();
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i]!;
    const value = headers[i + 1]!;
    const before = at.get(name);
    if (before !== undefined) written[before] += `${name === "cookie" ? "; " : ", "}${value}`;
    else {
      if (name !== "set-cookie") at.set(name, written.length + 1);
      written.push(spelling.get(name) ?? name, value);
    }
  }
  return written;
}

function malformed(): EgressError {
  return new EgressError("TypeError", "Cannot fetch: malformed names of headers");
}
