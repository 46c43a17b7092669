import type { LoadRefused } from "./load-refused.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 60_000;
/** Versions that are remembered; the one that failed longest ago goes first. */
const REMEMBERED = 10_000;

interface Failed {
  readonly count: number;
  readonly untilMs: number;
  readonly error: LoadRefused;
}

/**
 * Keeps versions whose top level fails from using CPU for ever: after each failure in a row the version is not started for
 * twice as long, from 0.1 s to a minute, and its events get the error of the last start.
 */
export class StartBackoff {
  readonly #failed = new Map<string, Failed>();

  /** The error of the last start, while the version is not to be started. */
  refusal(versionId: string, nowMs: number): LoadRefused | null {
    const failed = this.#failed.get(versionId);
    return failed !== undefined && nowMs < failed.untilMs ? failed.error : null;
  }

  /** @param error what came of a start; null if it succeeded */
  note(versionId: string, error: LoadRefused | null, nowMs: number): void {
    const before = this.#failed.get(versionId);
    this.#failed.delete(versionId);
    // Where the cell was lost, the version may have had no part in it.
    if (error === null || error.reason === "isolateLost") return;
    const count = (before?.count ?? 0) + 1;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS);
    this.#failed.set(versionId, { count, untilMs: nowMs + pauseMs, error });
    if (this.#failed.size <= REMEMBERED) return;
    for (const oldest of this.#failed.keys()) {
      this.#failed.delete(oldest);
      return;
    }
  }
}
