import { join } from "node:path";
import { OURS } from "../subjects/subjects.ts";
import type { LabOptions } from "./lab-options.ts";
import { measureRun } from "./measure-run.ts";
import { quoted } from "./quoted.ts";

/** Where runs are kept that are told no place. */
export const RESULTS: string = join(import.meta.dirname, "..", "results");

/** Measures what the command line asks for. @returns the file of the run, whether anything was measured, and whether it was interrupted */
export async function measureToFile(
  options: LabOptions,
  say: (text: string) => void,
): Promise<{ readonly path: string; readonly measured: boolean; readonly interrupted: boolean }> {
  const startedAt = new Date().toISOString();
  const path = options.jsonPath ?? join(RESULTS, `${startedAt.replaceAll(/[:.]/g, "-")}.jsonl`);
  const command = ["npm run bench --", ...process.argv.slice(2).map(quoted)].join(" ");
  const { measured, interrupted } = await measureRun(
    { ...options, ours: OURS.name, path, command, startedAt },
    say,
  );
  return { path, measured: measured(), interrupted };
}
