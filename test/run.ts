import { availableParallelism } from "node:os";
import { findFiles } from "./runner/find-files.ts";
import { runFile, type FileResult, type FileRun } from "./runner/run-file.ts";

/**
 * Runs the tests: `node test/run.ts [file or part of a path]...`. Each file runs in a process of its
 * own. Exits with 1, and says why, unless every file ran at least one test, passed all and ended.
 *
 * Files run beside each other, and some start a dozen processes: a machine that stalls can break a file that is right.
 * A few files that failed run a second time, each alone. What passes then is named at the end, so that it gets mended.
 */
async function main(patterns: readonly string[]): Promise<void> {
  const runs = findFiles(patterns);
  if (runs.length === 0) {
    console.log(`No test file matches ${patterns.length > 0 ? patterns.join(", ") : "test/**/*.test.ts"}`);
    finish([], 1);
    return;
  }
  const guards = {
    wholeMs: Number(process.env["TEST_FILE_TIMEOUT_MS"] ?? 600_000),
    exitMs: Number(process.env["TEST_EXIT_TIMEOUT_MS"] ?? 30_000),
  };
  const jobs = Number(process.env["TEST_JOBS"] ?? Math.min(4, availableParallelism() + 1));
  const againMost = Number(process.env["TEST_AGAIN"] ?? 4);
  const queue = [...runs];
  const results: FileResult[] = [];
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (let run = queue.shift(); run; run = queue.shift()) {
        const result = await runFile(run, guards);
        results.push(result);
        report(result);
      }
    }),
  );
  // One file that failed had the machine to itself.
  const again = runs.length > 1 ? results.filter((result) => result.problem) : [];
  const fragile: FileResult[] = [];
  if (again.length <= againMost) {
    for (const before of again) {
      console.log(`again, alone: ${nameOf(before.run)}`);
      const result = await runFile(before.run, guards);
      report(result);
      if (result.problem) continue;
      fragile.push(before);
      results[results.indexOf(before)] = result;
    }
  }
  finish(results, 0, fragile);
}

function nameOf(run: FileRun): string {
  return run.cell ? `${run.file} (${run.cell})` : run.file;
}

function report(result: FileResult): void {
  const duration = `${(result.durationMs / 1000).toFixed(1)} s`;
  if (!result.problem) {
    console.log(`ok    ${nameOf(result.run)}  ${result.passed} passed  ${duration}`);
    return;
  }
  console.log(`FAIL  ${nameOf(result.run)}  ${result.problem}  ${duration}\n${result.output.trimEnd()}\n`);
}

function finish(
  results: readonly FileResult[],
  extraFailures: number,
  fragile: readonly FileResult[] = [],
): void {
  if (fragile.length > 0) {
    const lines = fragile.map(({ run, problem }) => `  ${nameOf(run)}: ${problem}`);
    console.log(`\nFailed beside others and passed alone; to be mended:\n${lines.join("\n")}`);
  }
  const bad = results.filter((result) => result.problem);
  if (bad.length > 0) {
    console.log(
      `\nFailed files:\n${bad.map((result) => `  ${nameOf(result.run)}: ${result.problem}`).join("\n")}`,
    );
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, extraFailures);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

await main(process.argv.slice(2));
