import { readFileSync } from "node:fs";

/** Users that nobody has: below them are those of containers, above them the kernel's odd ones. */
const FIRST = 1_900_000_000;
/** What is left where only the usual ids are mapped: the highest of them, below nobody. */
const FIRST_OF_FEW = 64_000;
const COUNT = 1_000;

/** How many user ids were given out, by this process. */
let given = Math.trunc(Math.random() * COUNT);

/**
 * A user and group for one cell, another one than other cells have: of any that this process, being root, can
 * become. Undefined where it is not root, or has no such user.
 */
export function nextCellUser(): number | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const first = [FIRST, FIRST_OF_FEW].find((user) => isMapped("uid", user) && isMapped("gid", user));
  return first === undefined ? undefined : first + (given++ % COUNT);
}

function isMapped(kind: "uid" | "gid", id: number): boolean {
  try {
    return readFileSync(`/proc/self/${kind}_map`, "latin1")
      .trim()
      .split("\n")
      .some((line) => {
        const [inside = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
        return id >= inside && id + COUNT <= inside + count;
      });
  } catch {
    return false;
  }
}
