import { writeBytes } from "./kv-write.ts";
import type { KvWrite } from "./kv-write.ts";

/** A write that waits, and who waits for it. */
export interface Waiting {
  readonly write: KvWrite;
  resolve(rev: number): void;
  reject(error: Error): void;
}

/** How much may wait. */
export interface QueueBounds {
  readonly totalBytes: number;
  readonly namespaceBytes: number;
  readonly namespaceWrites: number;
}

const BOUNDS: QueueBounds = {
  totalBytes: 256 * 1024 ** 2,
  namespaceBytes: 64 * 1024 ** 2,
  namespaceWrites: 10_000,
};
const GROUP_WRITES = 1_024;
const GROUP_BYTES = 16 * 1024 ** 2;

interface Line {
  readonly waiting: Waiting[];
  bytes: number;
  /** A group of this namespace is with the writer; the rest waits, so that order is kept and groups grow. */
  busy: boolean;
}

/**
 * Writes that wait for the writer thread, a line per namespace, served in turn so that one busy
 * namespace does not hold up the others. Bounded: what does not fit is refused.
 */
export class WriteQueue {
  readonly #lines = new Map<number, Line>();
  readonly #bounds: QueueBounds;
  #bytes = 0;

  constructor(bounds: QueueBounds = BOUNDS) {
    this.#bounds = bounds;
  }

  get empty(): boolean {
    return this.#lines.size === 0;
  }

  /** Takes a write in; false if there is no room. */
  push(ns: number, entry: Waiting): boolean {
    const bytes = writeBytes(entry.write);
    const line = this.#lines.get(ns) ?? { waiting: [], bytes: 0, busy: false };
    const full =
      this.#bytes + bytes > this.#bounds.totalBytes ||
      line.bytes + bytes > this.#bounds.namespaceBytes ||
      line.waiting.length >= this.#bounds.namespaceWrites;
    if (full) return false;
    line.waiting.push(entry);
    line.bytes += bytes;
    this.#bytes += bytes;
    this.#lines.set(ns, line);
    return true;
  }

  /** The next group: what waits for the namespace whose turn it is. Null: nothing can go now. */
  take(): { ns: number; entries: Waiting[] } | null {
    for (const [ns, line] of this.#lines) {
      if (line.busy || line.waiting.length === 0) continue;
      let count = 0;
      let bytes = 0;
      for (const { write } of line.waiting) {
        const size = writeBytes(write);
        // A drop goes alone: it closes the file that a transaction would hold open.
        const alone = write.kind === "drop";
        if (count > 0 && (alone || count >= GROUP_WRITES || bytes + size > GROUP_BYTES)) break;
        count++;
        bytes += size;
        if (alone) break;
      }
      const entries = line.waiting.splice(0, count);
      line.bytes -= bytes;
      this.#bytes -= bytes;
      line.busy = true;
      // To the end of the line: the others come first next time.
      this.#lines.delete(ns);
      this.#lines.set(ns, line);
      return { ns, entries };
    }
    return null;
  }

  /** The writer is done with the group of this namespace. */
  done(ns: number): void {
    const line = this.#lines.get(ns);
    if (line === undefined) return;
    line.busy = false;
    if (line.waiting.length === 0) this.#lines.delete(ns);
  }

  /** Takes out all that waits. */
  drain(): Waiting[] {
    const all = [...this.#lines.values()].flatMap((line) => line.waiting.splice(0));
    this.#lines.clear();
    this.#bytes = 0;
    return all;
  }
}
