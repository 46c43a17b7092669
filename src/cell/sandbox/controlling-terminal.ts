import { readFileSync } from "node:fs";

/** Where the terminal stands among the fields of `/proc/<pid>/stat` behind the name, which may hold anything. */
const TERMINAL_FIELD = 4;

/**
 * Whether this process belongs to a terminal, which sends signals to all that were started from it, and can be opened
 * by them. True where the system does not say.
 */
export function hasTerminal(): boolean {
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[TERMINAL_FIELD] !== "0";
  } catch {
    return true;
  }
}
