import { statFields } from "../stat-fields.ts";

/** Where the terminal stands among the fields of `stat`. */
const TERMINAL_FIELD = 4;

/**
 * Whether this process belongs to a terminal, which sends signals to all that were started from it, and can be opened
 * by them. True where the system does not say.
 */
export function hasTerminal(): boolean {
  try {
    return statFields("/proc/self")[TERMINAL_FIELD] !== "0";
  } catch {
    return true;
  }
}
