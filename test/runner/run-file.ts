import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSummary, type Summary } from "./read-summary.ts";

/** One run of one test file; a file may run once per kind of cell. */
export interface FileRun {
  /** Path from the project's root. */
  readonly file: string;
  readonly cell: "in-process" | "process" | undefined;
}

/** How long a file may take, in ms. */
export interface FileGuards {
  /** From its start. */
  readonly wholeMs: number;
  /** From the summary to the exit of the process. */
  readonly exitMs: number;
}

/** Every file starts some processes that load the same sources. */
const COMPILE_CACHE = join(tmpdir(), "skerry-compile-cache");

export interface FileResult {
  readonly run: FileRun;
  readonly passed: number;
  readonly failed: number;
  readonly durationMs: number;
  /** Why the file counts as failed; undefined where all is well. */
  readonly problem: string | undefined;
  readonly output: string;
}

/**
 * Runs one test file in a process of its own and judges it by what it printed and how it ended.
 * uvu itself exits with 0 when a hook throws or no test ran, so its exit code alone proves nothing.
 */
export async function runFile(run: FileRun, guards: FileGuards): Promise<FileResult> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--no-node-snapshot", run.file], {
    // A group of its own, so that whatever the file started ends with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...process.env,
      NO_COLOR: "1",
      FORCE_COLOR: "0",
      ...(run.cell && { SKERRY_TEST_CELL: run.cell }),
    },
  });
  let output = "";
  let hung: string | undefined;
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group is gone already.
    }
  };
  const stop = (why: string): void => {
    hung = why;
    kill();
  };
  let exitGuard: NodeJS.Timeout | undefined;
  const read = (text: string): void => {
    output += text;
    if (!exitGuard && readSummary(output)) {
      exitGuard = setTimeout(
        stop,
        guards.exitMs,
        "did not exit after its last test: something is still open",
      );
    }
  };
  child.stdout.setEncoding("utf8").on("data", read);
  child.stderr.setEncoding("utf8").on("data", read);
  const wholeGuard = setTimeout(stop, guards.wholeMs, `did not end within ${guards.wholeMs / 1000} s`);
  const killWithUs = (): void => kill();
  process.once("exit", killWithUs);

  const exit = await new Promise<string>((resolve) => {
    let how = "";
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      how = signal ? `ended by ${signal}` : code === 0 ? "" : `exit code ${code}`;
      // Processes that the file left behind may hold its pipes open.
      setTimeout(kill, 500).unref();
    });
    child.once("close", () => resolve(how));
  });
  clearTimeout(wholeGuard);
  clearTimeout(exitGuard);
  process.off("exit", killWithUs);
  kill();

  const summary = readSummary(output);
  const passed = summary?.passed ?? 0;
  const problem = hung ?? judge(summary, exit);
  const failed = Math.max((summary?.total ?? 0) - passed, problem ? 1 : 0);
  return { run, passed, failed, durationMs: performance.now() - started, problem, output };
}

function judge(summary: Summary | undefined, exit: string): string | undefined {
  if (!summary) return `no test ran (${exit || "no test.run()?"})`;
  if (summary.total === 0) return "no test ran";
  if (summary.passed < summary.total)
    return `${summary.total - summary.passed} of ${summary.total} tests did not pass`;
  if (summary.skipped > 0) return `${summary.skipped} tests are skipped, or a test.only is left`;
  return exit || undefined;
}
