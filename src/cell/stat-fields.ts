import { readFileSync } from "node:fs";

/**
 * What Linux says in `stat` of a process or of one of its threads, without its id and its name: what man proc(5) counts
 * as field 3 is the first. The name may hold anything, also brackets and spaces.
 *
 * @param folder `/proc/<pid>`, or `/proc/<pid>/task/<thread>`
 * @throws Error where it is gone, or the system has no `/proc`
 */
export function statFields(folder: string): string[] {
  const text = readFileSync(`${folder}/stat`, "latin1");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}
