import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";

/** Headers as a list of name and value; names in lower case, in the order in which they came. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Takes flat headers apart; null if they are malformed. */
export function readHeaders(flat: FlatHeaders): HeaderList | null {
  if (flat === "") return [];
  const parts = flat.split("\n");
  if (parts.length % 2 !== 0) return null;
  const list: [string, string][] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const name = parts[i]!.toLowerCase();
    const value = parts[i + 1]!;
    if (!NAME.test(name) || !VALUE.test(value)) return null;
    list.push([name, value]);
  }
  return list;
}

/** The flat form of a list of headers. */
export function writeHeaders(list: HeaderList): FlatHeaders {
  return list.map(([name, value]) => `${name}\n${value}`).join("\n");
}

/** The value of a header, that of several lines joined by commas; undefined if there is none. */
export function headerOf(list: HeaderList, name: string): string | undefined {
  let found: string | undefined;
  for (const [key, value] of list)
    if (key === name) found = found === undefined ? value : `${found}, ${value}`;
  return found;
}

/** The headers without those of some names. */
export function withoutHeaders(list: HeaderList, names: ReadonlySet<string>): HeaderList {
  return list.filter(([name]) => !names.has(name));
}
