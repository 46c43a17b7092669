import type { CellKind } from "../cell-kind.ts";
import { scratchFolder } from "../scratch-folder.ts";
import type { Subject } from "../subjects/subject.ts";
import { profile } from "../tracing/profile.ts";
import { trace, traceText } from "../tracing/trace.ts";
import { ownSubject, tryWorker } from "./own-subject.ts";
import type { OwnWorker } from "./own-worker.ts";

/** Where and how a worker is looked into. */
interface LookOptions {
  readonly cell: CellKind;
  /** What is asked for, with its query. */
  readonly path: string;
}

/**
 * Follows requests to a worker through the folders of the host. @returns the table
 * @throws SkerryError `BENCH_FAILED` where the worker fails.
 */
export async function traceOwn(worker: OwnWorker, options: LookOptions): Promise<string> {
  return await withSubject(worker, options, async (subject) =>
    traceText(await trace(subject, { kind: "own", path: options.path })),
  );
}

/**
 * Profiles a host while it starts copies of a worker and while it serves one.
 * @returns paths of the files
 * @throws SkerryError `BENCH_FAILED` where the worker fails.
 */
export async function profileOwn(
  worker: OwnWorker,
  options: LookOptions & { readonly folder: string; readonly loadMs: number },
): Promise<string[]> {
  const job = { kind: "own", path: options.path } as const;
  return await withSubject(
    worker,
    options,
    async (subject) => await profile(subject, options.folder, options.loadMs, job),
  );
}

async function withSubject<T>(
  worker: OwnWorker,
  { cell, path }: LookOptions,
  look: (subject: Subject) => Promise<T>,
): Promise<T> {
  await tryWorker(worker, { cell, path });
  await using scratch = await scratchFolder("bench");
  const options = { cell, path, folder: scratch.path, onCodeCache: () => {} };
  return await look(ownSubject(worker.upload.name, "the worker", worker, options));
}
