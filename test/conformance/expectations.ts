import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UnitResult } from "./runtimes/runtime.ts";

/** What is known of one unit: how it ends, if not well, and which subtests fail, by reason. */
export interface UnitExpectation {
  /** How the unit as a whole ends where it is not `ok`, with the reason. */
  readonly ended?: string;
  /** Reason -> names of subtests that do not pass. */
  readonly failing?: Readonly<Record<string, readonly string[]>>;
}

/** By id of the unit. Units that pass whole are not in it. */
export type Expectations = Readonly<Record<string, UnitExpectation>>;

/** What differs from what was expected of a unit. */
export interface Difference {
  readonly id: string;
  /** Subtests that fail and should pass, and ends that should be well. */
  readonly worse: readonly string[];
  /** Subtests that pass, or are gone, and were expected to fail. */
  readonly better: readonly string[];
}

/** Stands where nobody has written a reason yet; a committed file has none. */
export const NO_REASON = "(no reason yet)";

/** Reasons that speak of what Skerry removes on purpose, for the sake of its limits: they are counted apart. */
const ON_PURPOSE = /shared memory|growable buffers|clock|at run time/;

/** The subtests of a suite that fail because of what is removed on purpose; "all" where that is a whole unit. */
export function removedOnPurpose(expectations: Expectations): Map<string, ReadonlySet<string> | "all"> {
  const removed = new Map<string, ReadonlySet<string> | "all">();
  for (const [id, { ended = "", failing = {} }] of Object.entries(expectations)) {
    const names = Object.entries(failing)
      .filter(([reason]) => ON_PURPOSE.test(reason))
      .flatMap(([, list]) => list);
    if (ON_PURPOSE.test(ended)) removed.set(id, "all");
    else if (names.length > 0) removed.set(id, new Set(names));
  }
  return removed;
}

const FOLDER = join(import.meta.dirname, "expectations");

export function readExpectations(suite: string): Expectations {
  const file = join(FOLDER, `${suite}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Expectations) : {};
}

export function writeExpectations(suite: string, expectations: Expectations): void {
  writeFileSync(join(FOLDER, `${suite}.json`), `${JSON.stringify(expectations, null, 2)}\n`);
}

/** Compares the result of a unit with what is expected of it. */
export function compare(id: string, result: UnitResult, expected: UnitExpectation | undefined): Difference {
  const known = new Set(Object.values(expected?.failing ?? {}).flat());
  const failing = failingOf(result);
  const worse = failing.filter((name) => !known.has(name));
  const better = [...known].filter((name) => !failing.includes(name));
  if (result.ended !== "ok" && expected?.ended === undefined) worse.unshift(`ended: ${result.ended}`);
  if (result.ended === "ok" && expected?.ended !== undefined) better.unshift(`ended: ${expected.ended}`);
  return { id, worse, better };
}

/** What to expect of a unit from now on: known reasons stay, new failures wait for theirs. */
export function renew(result: UnitResult, before: UnitExpectation | undefined): UnitExpectation | undefined {
  const reasons = new Map<string, string>();
  for (const [reason, names] of Object.entries(before?.failing ?? {}))
    for (const name of names) reasons.set(name, reason);
  const failing: Record<string, string[]> = {};
  for (const name of failingOf(result)) (failing[reasons.get(name) ?? NO_REASON] ??= []).push(name);
  const ended = result.ended === "ok" ? undefined : (before?.ended ?? `${result.ended} ${NO_REASON}`);
  if (ended === undefined && Object.keys(failing).length === 0) return undefined;
  return {
    ...(ended !== undefined && { ended }),
    ...(Object.keys(failing).length > 0 && { failing }),
  };
}

function failingOf(result: UnitResult): string[] {
  return [...new Set(result.results.filter(([, status]) => status !== 0).map(([name]) => name))];
}
