import type { DeathReason } from "../cell/cell.ts";

/** The event that a worker ran when its cell ended. */
export interface BlamedEvent {
  readonly kind: "fetch" | "scheduled" | "tail";
  readonly method: string | null;
  /** Without its query, which may hold secrets. */
  readonly url: string | null;
}

/**
 * What a worker is held to have done to its cell, with the evidence. A `culprit` is known to have done it, and gets a
 * strike; a `suspect` is one of several who may have, and runs alone for a while.
 */
export interface BlameReport {
  readonly account: string;
  readonly worker: string;
  readonly versionId: string;
  readonly verdict: "culprit" | "suspect";
  readonly reason: DeathReason;
  readonly message: string;
  readonly cell: "in-process" | "process";
  /** Process that died; null where it is not known. */
  readonly pid: number | null;
  /** What ran; null for the top level, or where it is not known. */
  readonly event: BlamedEvent | null;
  /** How long it had run, in ms; 0 where it is not known. */
  readonly ranMs: number;
  /** Resident memory of the cell at the last look; 0 where it is not known. */
  readonly rssBytes: number;
  /** How long the cell had lived, in ms; 0 where it is not known. */
  readonly upMs: number;
  /** ms since the epoch. */
  readonly timeMs: number;
}

/** A URL without what comes after its path. */
export function withoutQuery(url: string | null): string | null {
  return url === null ? null : url.replace(/[?#].*$/s, "");
}
