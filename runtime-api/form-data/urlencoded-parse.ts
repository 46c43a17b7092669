import { parseQuery } from "../url/query.ts";
import { addEntry, FormData } from "./form-data.ts";

/** Parses a whole `application/x-www-form-urlencoded` body. */
export function parseUrlencoded(text: string): FormData {
  const pairs = parseQuery(text);
  const form = new FormData();
  for (let i = 0; i < pairs.length; i += 2) addEntry(form, pairs[i] as string, pairs[i + 1] as string);
  return form;
}
