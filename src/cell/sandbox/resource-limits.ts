import { TABLE_BYTES } from "../supervision/entry-table.ts";

/** Descriptors that a cell may have open: some thirty are in use. */
const OPEN_FILES = 64;
/** Threads and processes of one cell, where they can be counted for it alone. */
const TASKS = 256;

/**
 * Arguments of `prlimit` for a cell: no core dumps, as they hold tenants' memory; one small file at most; few
 * descriptors. Memory has no limit here: V8 reserves half a gigabyte of writable addresses for each isolate.
 *
 * @param own whether the cell has a user, or a namespace of users, for itself
 */
export function resourceLimits(own: boolean): string[] {
  return [
    "--core=0",
    // The one file that it has: what it has entered, for the host.
    `--fsize=${TABLE_BYTES}`,
    "--memlock=0",
    "--msgqueue=0",
    "--rtprio=0",
    `--nofile=${OPEN_FILES}`,
    ...(own ? [`--nproc=${TASKS}`] : []),
  ];
}

/** Whether the text of `/proc/self/limits` has the limits. */
export function hasLimits(text: string, own: boolean): boolean {
  const hard = (name: string): number => Number(new RegExp(`^${name} +\\S+ +(\\d+)`, "m").exec(text)?.[1]);
  return (
    hard("Max core file size") === 0 &&
    hard("Max file size") === TABLE_BYTES &&
    hard("Max open files") === OPEN_FILES &&
    (!own || hard("Max processes") === TASKS)
  );
}
