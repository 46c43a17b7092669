import { regexpExec } from "../primordials/regexp.ts";

const START = /^[$_\p{ID_Start}]$/u;
const CONTINUE = /^[$\u200C\u200D\p{ID_Continue}]$/u;

/** Whether a character may begin, or go on with, the name of a group: what identifiers of JavaScript may have. */
export function isNameCodePoint(character: string, first: boolean): boolean {
  return regexpExec(first ? START : CONTINUE, character) !== null;
}
