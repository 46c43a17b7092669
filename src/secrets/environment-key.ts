import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { statFields } from "../cell/stat-fields.ts";

/** The variable that holds keys. */
export const KEY_VARIABLE = "SKERRY_SECRETS_KEY";

let taken: string | null = null;

/**
 * Takes the keys out of the environment, so that no child inherits them and nobody sees them beside the process: not in
 * `process.env`, and on Linux not in `/proc/<pid>/environ` either. Further calls give the same text.
 *
 * @returns null if there were none
 */
export function takeEnvironmentKey(): string | null {
  const text = process.env[KEY_VARIABLE];
  if (text === undefined) return taken;
  delete process.env[KEY_VARIABLE];
  taken = text === "" ? null : text;
  eraseFromStart();
  return taken;
}

/**
 * Unsetting a variable leaves it where the system put it when the process began, and that is what others are shown. So
 * the value is written over there. Where a system does not let a process do that, only its own user and root see it.
 */
function eraseFromStart(): void {
  try {
    const environment = readFileSync("/proc/self/environ");
    const name = Buffer.from(`${KEY_VARIABLE}=`);
    let at = environment.indexOf(name);
    while (at > 0 && environment[at - 1] !== 0) at = environment.indexOf(name, at + 1);
    if (at < 0) return;
    const end = environment.indexOf(0, at);
    const from = at + name.length;
    const blank = Buffer.alloc((end < 0 ? environment.length : end) - from, "x");
    // Field 50 of `stat`: where the environment begins.
    const begin = BigInt(statFields("/proc/self")[47] ?? "0");
    if (begin === 0n) return;
    const memory = openSync("/proc/self/mem", "r+");
    try {
      writeSync(memory, blank, 0, blank.length, Number(begin) + from);
    } finally {
      closeSync(memory);
    }
  } catch {
    // Said in docs/secrets.md: a file hides the key everywhere.
  }
}
