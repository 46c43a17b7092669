import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { aimsOf } from "../report/aims.ts";
import { aimsTable } from "../report/aims-table.ts";
import { summarizeRun } from "../report/summary.ts";
import { readRun } from "./check-paths.ts";
import { RESULTS } from "./lab.ts";

/**
 * Makes the table of aims of a run.
 * @param args The run's file; the newest of the results if there is none.
 * @throws RangeError where there is no such file, or no run in it.
 */
export async function printAims(args: readonly string[]): Promise<string> {
  const [path = newest()] = args;
  if (args.length > 1) throw new RangeError(`aims takes the file of one run, and not ${args.length}`);
  const summary = summarizeRun(await readRun("the file of aims", path));
  return [`${path}, measured at ${summary.run.startedAt}`, ...aimsTable(aimsOf(summary))].join("\n");
}

function newest(): string {
  const names = existsSync(RESULTS) ? readdirSync(RESULTS).filter((name) => name.endsWith(".jsonl")) : [];
  const last = names.toSorted().at(-1);
  if (last === undefined) throw new RangeError("there is no run in bench/results; npm run bench makes one");
  return join(RESULTS, last);
}
