import type { CellKind } from "../cell-kind.ts";
import { measureRun } from "../laboratory/measure-run.ts";
import type { Size } from "../laboratory/experiment.ts";
import type { LabRecord } from "../laboratory/records.ts";
import { writeReport } from "../laboratory/write-report.ts";
import { scratchFolder } from "../scratch-folder.ts";
import { ownExperiments } from "./own-experiments.ts";
import { ownSubject, tryWorker } from "./own-subject.ts";
import { type OwnWorker, SMALLEST_WORKER } from "./own-worker.ts";
import { workerRecord } from "./worker-record.ts";

/** Statuses from here on are hardly what somebody wants to know the speed of. */
const LEAST_ODD = 400;

/** How a worker is measured. */
export interface OwnBenchOptions {
  /** What is asked for, with its query. */
  readonly path: string;
  readonly cell: CellKind;
  readonly size: Size;
  readonly pin: string;
  /** The file of samples, as JSON lines. */
  readonly jsonPath: string;
  /** The page; null for beside the samples. */
  readonly htmlPath: string | null;
  /** The lines of a run before this one to compare with; null for none. */
  readonly before: readonly LabRecord[] | null;
  /** As the report names it. */
  readonly command: string;
}

/**
 * Measures a worker of somebody's own as the laboratory measures runtimes: beside itself, which tells the noise of the
 * machine, and beside the smallest worker, which tells the host's own part.
 *
 * @param say Hears what goes on.
 * @returns the report for a terminal, and whether Ctrl-C ended it early; the page is written.
 * @throws SkerryError `BENCH_FAILED` where the worker fails; what deploying it throws.
 */
export async function benchOwn(
  worker: OwnWorker,
  options: OwnBenchOptions,
  say: (text: string) => void,
): Promise<{ readonly report: string; readonly interrupted: boolean }> {
  const { path, cell, size, pin, jsonPath, htmlPath, before, command } = options;
  // Whoever asks for a path that fails shall not wait for the whole run.
  const status = await tryWorker(worker, options);
  if (status >= LEAST_ODD)
    say(
      `warning: the worker answers ${path} with status ${status}, and that is what is measured; --path names another`,
    );
  await using scratch = await scratchFolder("bench");
  let hasCodeCache: boolean | null = null;
  const name = worker.upload.name === SMALLEST_WORKER.upload.name ? "worker" : worker.upload.name;
  const common = { cell, path, folder: scratch.path };
  const subjects = [
    ownSubject(name, "the worker", worker, { ...common, onCodeCache: (made) => (hasCodeCache = made) }),
    ownSubject(SMALLEST_WORKER.upload.name, "the smallest worker: the host's own part", SMALLEST_WORKER, {
      ...common,
      path: "/",
      onCodeCache: () => {},
    }),
  ];
  const startedAt = new Date().toISOString();
  const experiments = ownExperiments(path);
  const { record, interrupted } = await measureRun(
    { experiments, subjects, ours: name, size, pin, path: jsonPath, command, startedAt },
    say,
  );
  record(workerRecord(worker, path, hasCodeCache));
  return { report: await writeReport(jsonPath, { htmlPath, before }), interrupted };
}
