/** What uvu said at the end of one test file. */
export interface Summary {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
}

const SUMMARY = /\n {2}Total: {5}(\d+)\n {2}Passed: {4}(\d+)\n {2}Skipped: {3}(\d+)\n/g;

/** Reads the last summary of uvu out of a file's output; undefined where it wrote none. */
export function readSummary(output: string): Summary | undefined {
  const last = [...output.matchAll(SUMMARY)].at(-1);
  if (!last) return undefined;
  return { total: Number(last[1]), passed: Number(last[2]), skipped: Number(last[3]) };
}
