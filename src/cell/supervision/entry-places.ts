import { availableParallelism } from "node:os";

/** Young entries that run at once in a cell. */
export const YOUNG_ENTRIES: number = availableParallelism() + 1;
/** Entries of any age that run at once in a cell, each in a thread of isolated-vm's pool. */
export const MAX_ENTRIES: number = Math.max(12, YOUNG_ENTRIES * 4);
