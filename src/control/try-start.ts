import type { Version } from "../versions/version.ts";
import { LoadRefused } from "../warm/load-refused.ts";
import type { WarmPool } from "../warm/warm-pool.ts";
import { startRefused } from "./start-refused.ts";

/** How often a version is started whose cell is lost meanwhile. */
const MAX_STARTS = 3;

/** Characters of a script from which on compiling it takes milliseconds: those who ask first shall not wait for that. */
const LARGE_SCRIPT = 64 * 1024;

/** How long a start waits for the code cache, in ms: without one later starts are slower, not wrong. */
const CACHE_WAIT_MS = 10_000;

/** What a start says of a version; 0 and none where there is no code. */
export interface FirstStart {
  /** How long it took, in ms. */
  readonly startupMs: number;
  readonly handlers: readonly string[];
}

/**
 * Starts a version once, and leaves the isolate warm: the first request is likely to come soon. Of a large script the
 * code cache is kept, as later starts may be cold.
 * @param main Names the file where an error has no place.
 * @param cacheWaitMs How long to wait for the code cache. One that comes later is still kept. @default 10000
 * @throws UploadRefused
 */
export async function tryStart(
  pool: WarmPool,
  version: Version,
  main: string,
  cacheWaitMs: number = CACHE_WAIT_MS,
): Promise<FirstStart> {
  if (!version.hasCode) return { startupMs: 0, handlers: [] };
  for (let attempt = 1; ; attempt++) {
    try {
      const { isolate } = await pool.acquire(version);
      try {
        if (isolate.scriptUnits >= LARGE_SCRIPT) await settledOrLate(pool.cacheCode(isolate), cacheWaitMs);
      } finally {
        pool.release(isolate);
      }
      const { startupMs, handlers } = isolate;
      return { startupMs, handlers };
    } catch (error) {
      if (!(error instanceof LoadRefused)) throw error;
      // Another worker may have brought down the cell that both were in.
      if (error.reason !== "isolateLost" || attempt === MAX_STARTS) throw startRefused(error, main);
    }
  }
}

/** Waits for what never rejects, but no longer than that: a cell that was taken over may answer all but one question. */
async function settledOrLate(work: Promise<void>, waitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs).unref()));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
