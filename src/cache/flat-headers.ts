import type { FlatHeaders } from "../../runtime-api/contract/flat.ts";

/** Headers as a list of name and value; names in lower case, in the order in which they came. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** What the name of a header is made of. */
export const HEADER_NAME: RegExp = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a header can carry. */
export const HEADER_VALUE: RegExp = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Takes flat headers apart; null if they are malformed. */
export function readHeaders(flat: FlatHeaders): HeaderList | null {
  if (flat === "") return [];
  const parts = flat.split("\n");
  if (parts.length % 2 !== 0) return null;
  const list: [string, string][] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const name = parts[i]!.toLowerCase();
    const value = parts[i + 1]!;
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) return null;
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
