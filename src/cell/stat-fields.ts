import { readFileSync } from "node:fs";

/** What Linux says in `stat` of a process or of one of its threads. */
export interface Stat {
  /** It may hold anything, also brackets and spaces. */
  readonly name: string;
  /** All that stands behind the name: what man proc(5) counts as field 3 is the first. */
  readonly fields: string[];
}

/** Takes the text of a `stat` apart. */
export function parseStat(text: string): Stat {
  const end = text.lastIndexOf(")");
  return { name: text.slice(text.indexOf("(") + 1, end), fields: text.slice(end + 2).split(" ") };
}

/**
 * The fields of a `stat` behind the name.
 *
 * @param folder `/proc/<pid>`, or `/proc/<pid>/task/<thread>`
 * @throws Error where it is gone, or the system has no `/proc`
 */
export function statFields(folder: string): string[] {
  return parseStat(readFileSync(`${folder}/stat`, "latin1")).fields;
}
