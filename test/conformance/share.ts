import type { UnitResult } from "./runtimes/runtime.ts";

/** Results of one suite by id of the unit. */
export type Units = Readonly<Record<string, UnitResult>>;

/** Some subtests are named after the kind of global object that they run in; they are the same test everywhere. */
export function nameAnywhere(name: string): string {
  return name.replace(/ in a (?:Window|Object|\w+GlobalScope)$/, " in a global scope");
}

/** For each unit the subtests that at least one of these runtimes passes. */
export function attainable(runtimes: readonly Units[]): Map<string, Set<string>> {
  const goals = new Map<string, Set<string>>();
  for (const units of runtimes) {
    for (const [id, unit] of Object.entries(units)) {
      const names = goals.get(id) ?? new Set();
      for (const name of passing(unit)) names.add(name);
      goals.set(id, names);
    }
  }
  return goals;
}

/** The goals less some of them. */
export function without(
  goals: ReadonlyMap<string, ReadonlySet<string>>,
  removed: ReadonlyMap<string, ReadonlySet<string> | "all">,
): Map<string, Set<string>> {
  const kept = new Map<string, Set<string>>();
  for (const [id, names] of goals) {
    const gone = removed.get(id);
    const away = gone === "all" || gone === undefined ? undefined : new Set([...gone].map(nameAnywhere));
    kept.set(id, gone === "all" ? new Set() : new Set([...names].filter((name) => away?.has(name) !== true)));
  }
  return kept;
}

/** Mean over the units, of those that have any, of the share of attainable subtests that pass: 0 to 1. */
export function shareOf(units: Units, goals: ReadonlyMap<string, ReadonlySet<string>>): number {
  let sum = 0;
  let count = 0;
  for (const [id, names] of goals) {
    if (names.size === 0) continue;
    const unit = units[id];
    const passed = unit === undefined ? new Set() : passing(unit);
    sum += [...names].filter((name) => passed.has(name)).length / names.size;
    count++;
  }
  return count === 0 ? 1 : sum / count;
}

/** How many subtests pass. */
export function passedBy(units: Units): number {
  return Object.values(units).reduce((sum, unit) => sum + passing(unit).size, 0);
}

/** Names of the subtests that pass; one of several with the same name counts only if all of them do. */
function passing({ results }: UnitResult): Set<string> {
  const passed = new Set(results.filter(([, status]) => status === 0).map(([name]) => nameAnywhere(name)));
  for (const [name, status] of results) if (status !== 0) passed.delete(nameAnywhere(name));
  return passed;
}
