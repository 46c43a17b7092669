import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UnitResult } from "./runtimes/runtime.ts";

/** What is known of one unit: how it ends, if not well, and which subtests fail, by reason. */
export interface UnitExpectation {
  /** How the unit as a whole ends where it is not `ok`, with the reason. */
  readonly ended?: string;
  /** Reason -> names of subtests that do not pass. */
  readonly failing?: Readonly<Record<string, readonly string[]>>;
  /** Reason -> names of subtests that do not come up here, and do in other runtimes. */
  readonly absent?: Readonly<Record<string, readonly string[]>>;
}

/** By id of the unit. Units that pass whole are not in it. */
export type Expectations = Readonly<Record<string, UnitExpectation>>;

/** What differs from what was expected of a unit. */
export interface Difference {
  readonly id: string;
  /** Subtests that fail and should pass, and ends that should be well. */
  readonly worse: readonly string[];
  /** Subtests that pass, or are gone, and were expected to fail; and those that came up and were expected not to. */
  readonly better: readonly string[];
}

/** Stands where nobody has written a reason yet; a committed file has none. */
export const NO_REASON = "(no reason yet)";

/** Something that is not as a test wants it because it would be worse that way: such subtests are counted apart. */
interface Purpose {
  /** In the reasons of the expectations. */
  readonly reason: RegExp;
  /** What it is and why, for the report. */
  readonly words: string;
}

/** All that is counted apart. */
export const PURPOSES: readonly Purpose[] = [
  {
    reason: /shared memory/,
    words: "**Shared memory**, and waiting on it, is removed: it is a clock that runs inside a slice.",
  },
  {
    reason: /growable buffers/,
    words:
      "**Growable buffers** are removed: V8 does not count them, so no limit of memory would hold. Memories of WebAssembly grow as usual, within the limit.",
  },
  {
    reason: /clock/,
    words:
      "**Clocks** stand still while code runs, as on Cloudflare: a test that waits in a loop for time to pass never ends.",
  },
  {
    reason: /object URLs/,
    words:
      "**Object URLs** are there. The global object is that of a service worker, as on Cloudflare, which by Web IDL has no `URL.createObjectURL` and `URL.revokeObjectURL`, and tests of such a global want them to be missing. They have long been there in workers and in other server runtimes, and code uses them: to take them away would hurt users for nothing.",
  },
  {
    reason: /duplex/,
    words:
      "**`duplex`** is not required beside a stream as a body. Code for Cloudflare, whose types do not know it, does not have it, and would fail.",
  },
];

/** The subtests of a suite that do not pass on purpose; "all" where that is a whole unit. */
export function failingOnPurpose(expectations: Expectations): Map<string, ReadonlySet<string> | "all"> {
  const meant = (text: string): boolean => PURPOSES.some(({ reason }) => reason.test(text));
  const apart = new Map<string, ReadonlySet<string> | "all">();
  for (const [id, { ended = "", failing = {}, absent = {} }] of Object.entries(expectations)) {
    const names = [...Object.entries(failing), ...Object.entries(absent)]
      .filter(([reason]) => meant(reason))
      .flatMap(([, list]) => list);
    if (meant(ended)) apart.set(id, "all");
    else if (names.length > 0) apart.set(id, new Set(names));
  }
  return apart;
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
  const here = new Set(result.results.map(([name]) => name));
  for (const name of Object.values(expected?.absent ?? {}).flat()) if (here.has(name)) better.push(name);
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
  const absent = before?.absent;
  if (ended === undefined && absent === undefined && Object.keys(failing).length === 0) return undefined;
  return {
    ...(ended !== undefined && { ended }),
    ...(Object.keys(failing).length > 0 && { failing }),
    ...(absent !== undefined && { absent }),
  };
}

function failingOf(result: UnitResult): string[] {
  return [...new Set(result.results.filter(([, status]) => status !== 0).map(([name]) => name))];
}
