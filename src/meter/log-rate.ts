import type { LogRecord } from "./event-record.ts";

/** Seconds of its rate that an account may write at one go. */
const BURST_S = 5;
/** What a line may have on average, in UTF-16 units. */
const LINE_UNITS = 1_024;
/** How soon it is told how many lines were dropped, in ms. */
const TOLD_AFTER_MS = 1_000;

/** Accounts from which on those that have not logged of late are forgotten. */
const SWEEP_AT = 1_000;

interface Bucket {
  lines: number;
  units: number;
  filledAtMs: number;
  dropped: number;
}

/** Bounds what each account logs in a second, so that one that floods its log costs the others nothing. */
export class LogRate {
  readonly #linesPerS: number;
  readonly #tell: (record: LogRecord) => void;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = SWEEP_AT;

  /** @param linesPerS lines a second, of 1 KiB on average; Infinity for no bound @param tell hears what was dropped */
  constructor(linesPerS: number, tell: (record: LogRecord) => void) {
    this.#linesPerS = linesPerS;
    this.#tell = tell;
  }

  /** Whether a line may be passed on. */
  passes(record: LogRecord): boolean {
    if (this.#linesPerS === Infinity) return true;
    const bucket = this.#fill(record.account, performance.now());
    if (bucket.lines >= 1 && bucket.units > 0) {
      bucket.lines--;
      bucket.units -= record.text.length;
      return true;
    }
    if (bucket.dropped++ === 0) setTimeout(() => this.#report(record, bucket), TOLD_AFTER_MS).unref();
    return false;
  }

  #fill(account: string, nowMs: number): Bucket {
    const mostLines = this.#linesPerS * BURST_S;
    let bucket = this.#buckets.get(account);
    if (bucket === undefined) {
      if (this.#buckets.size >= this.#sweepAt) this.#sweep(nowMs);
      bucket = { lines: mostLines, units: mostLines * LINE_UNITS, filledAtMs: nowMs, dropped: 0 };
      this.#buckets.set(account, bucket);
    }
    const lines = ((nowMs - bucket.filledAtMs) / 1_000) * this.#linesPerS;
    bucket.lines = Math.min(mostLines, bucket.lines + lines);
    bucket.units = Math.min(mostLines * LINE_UNITS, bucket.units + lines * LINE_UNITS);
    bucket.filledAtMs = nowMs;
    return bucket;
  }

  /** A bucket that is full says nothing. */
  #sweep(nowMs: number): void {
    for (const [account, { filledAtMs, dropped }] of this.#buckets)
      if (dropped === 0 && nowMs - filledAtMs > BURST_S * 1_000) this.#buckets.delete(account);
    this.#sweepAt = Math.max(SWEEP_AT, this.#buckets.size * 2);
  }

  #report(record: LogRecord, bucket: Bucket): void {
    const text = `Dropped ${bucket.dropped} log lines: the account writes more than ${this.#linesPerS} a second`;
    bucket.dropped = 0;
    this.#tell({ ...record, level: "warn", text, eventId: 0, timeMs: Date.now() });
  }
}
