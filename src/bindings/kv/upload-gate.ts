import { kvFailure } from "./kv-failure.ts";

/** How long an upload may be slow before it has to give way to others, in ms, and what counts as slow. */
const PATIENCE_MS = 5_000;
const SLOW_BYTES_PER_MS = 256;
const LOOK_MS = 500;

/** An upload that has a place. */
export interface Upload {
  /** Aborts with the upload's own signal, or when it has to give way. */
  readonly signal: AbortSignal;
  /** To be called with what came of the value. */
  readonly received: (bytes: number) => void;
}

interface Holder {
  readonly sinceMs: number;
  readonly giveWay: AbortController;
  bytes: number;
}

/**
 * Lets a few at a time pass. Values that arrive as streams are held in memory until they are whole: without a gate one
 * worker could have the host hold gigabytes. While others wait, the slowest upload fails if it brings less than 256 KB a
 * second, so that clients that drip cannot hold all places.
 */
export class UploadGate {
  readonly #waiting: (() => void)[] = [];
  readonly #holders = new Set<Holder>();
  readonly #patienceMs: number;
  #free: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(places: number, patienceMs: number = PATIENCE_MS) {
    this.#free = places;
    this.#patienceMs = patienceMs;
  }

  /** Does `work` when there is a place. Rejects with the signal's reason if that aborts first. */
  async pass<T>(signal: AbortSignal, work: (upload: Upload) => Promise<T>): Promise<T> {
    await this.#enter(signal);
    const holder: Holder = { sinceMs: performance.now(), giveWay: new AbortController(), bytes: 0 };
    this.#holders.add(holder);
    try {
      return await work({
        signal: AbortSignal.any([signal, holder.giveWay.signal]),
        received: (bytes) => (holder.bytes += bytes),
      });
    } finally {
      this.#holders.delete(holder);
      const next = this.#waiting.shift();
      // The place goes from hand to hand, so that nobody slips in between.
      if (next === undefined) this.#free++;
      else next();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    this.#timer ??= setInterval(() => this.#look(), Math.min(LOOK_MS, this.#patienceMs));
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal.reason as Error);
      };
      this.#waiting.push(enter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Has the slowest upload give way, if somebody waits. */
  #look(): void {
    if (this.#waiting.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const nowMs = performance.now();
    let slowest: Holder | undefined;
    let lowest = SLOW_BYTES_PER_MS;
    for (const holder of this.#holders) {
      const heldMs = nowMs - holder.sinceMs;
      const rate = holder.bytes / heldMs;
      if (heldMs < this.#patienceMs || rate >= lowest || holder.giveWay.signal.aborted) continue;
      slowest = holder;
      lowest = rate;
    }
    slowest?.giveWay.abort(
      kvFailure("PUT", 408, "Request Timeout: the value came too slowly while others waited"),
    );
  }
}
