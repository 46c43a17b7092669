import { writeSync } from "node:fs";
import { EntryTableWriter } from "../supervision/entry-table.ts";
import { monotonicMs } from "../supervision/monotonic.ts";

const BEAT_MS = 100;

/**
 * Writes down which isolates are entered, in a file that the host reads when this process is dead. An entry is
 * written before it begins; that it ended, at the latest when the loop has nothing else to do.
 */
export class EntryMarks {
  readonly #fd: number;
  readonly #table = new EntryTableWriter();
  #dirty = false;
  #scheduled = false;
  #broken = false;

  constructor(fd: number) {
    this.#fd = fd;
    this.#beat();
    setInterval(() => this.#beat(), BEAT_MS).unref();
  }

  /** Gives whether it stands in the file. */
  enter(isolate: number, events: readonly number[], limitMs: number): boolean {
    const nowMs = monotonicMs();
    this.#table.beat(nowMs);
    this.#table.enter(isolate, events, limitMs, nowMs);
    return this.#write();
  }

  leave(isolate: number): void {
    if (!this.#table.leave(isolate)) return;
    this.#dirty = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Often the next entry comes first, and writes this too.
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#dirty) this.#write();
    });
  }

  /** What runs in it cannot be stopped. */
  stuck(isolate: number): void {
    if (this.#table.stuck(isolate)) this.#write();
  }

  #beat(): void {
    this.#table.beat(monotonicMs(), process.memoryUsage.rss());
    this.#write();
  }

  #write(): boolean {
    this.#dirty = false;
    if (this.#broken) return false;
    try {
      const { bytes, sizeBytes } = this.#table;
      return writeSync(this.#fd, bytes, 0, sizeBytes, 0) === sizeBytes;
    } catch {
      // The disk may be full, or no file may be written here. That does not change: trying costs time.
      this.#broken = true;
      return false;
    }
  }
}
