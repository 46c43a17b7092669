import { SharedRoom } from "../limits/shared-room.ts";
import { writeBytes } from "./kv-write.ts";
import type { KvWrite } from "./kv-write.ts";

/** A write that waits, and who waits for it. */
export interface Waiting {
  readonly write: KvWrite;
  resolve(rev: number): void;
  reject(error: Error): void;
}

/** How much may wait. Of the total an account gets half at most, and no more than half of what nobody has. */
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
/** Others wait for a group that is being written: it should take some tens of milliseconds at most. */
const GROUP_BYTES = 4 * 1024 ** 2;

interface Line {
  readonly account: string;
  readonly waiting: Waiting[];
  bytes: number;
  /** A group of this namespace is with the writer; the rest waits, so that order is kept and groups grow. */
  busy: boolean;
}

/**
 * Writes that wait for the writer thread, a line per namespace. Served first are namespaces of the account that has
 * fewest groups with the writer, in turn, so that neither a busy namespace nor an account with many of them holds up the
 * others. Bounded: what does not fit is refused.
 */
export class WriteQueue {
  readonly #lines = new Map<number, Line>();
  readonly #bounds: QueueBounds;
  readonly #room: SharedRoom;
  readonly #accounts = new Map<number, string>();
  /** Groups with the writer, by account. */
  readonly #underWay = new Map<string, number>();

  constructor(bounds: QueueBounds = BOUNDS) {
    this.#bounds = bounds;
    this.#room = new SharedRoom({ all: bounds.totalBytes, perAccount: bounds.totalBytes / 2 });
  }

  get empty(): boolean {
    return this.#lines.size === 0;
  }

  /** Says whose a namespace is; one of nobody counts as an account. */
  assign(ns: number, account: string): void {
    this.#accounts.set(ns, account);
  }

  /** Whose a namespace is. */
  accountOf(ns: number): string {
    return this.#accounts.get(ns) ?? `namespace ${ns}`;
  }

  /** Takes a write in; false if there is no room. */
  push(ns: number, entry: Waiting): boolean {
    const bytes = writeBytes(entry.write);
    const account = this.accountOf(ns);
    const line = this.#lines.get(ns) ?? { account, waiting: [], bytes: 0, busy: false };
    const full =
      line.bytes + bytes > this.#bounds.namespaceBytes || line.waiting.length >= this.#bounds.namespaceWrites;
    // A drop always fits: it comes once in a namespace's life, and whoever fills the line would keep its file by that.
    if (entry.write.kind !== "drop" && (full || !this.#room.take(line.account, bytes))) return false;
    line.waiting.push(entry);
    line.bytes += bytes;
    this.#lines.set(ns, line);
    return true;
  }

  /**
   * The next group: what waits for the namespace whose turn it is. Null: nothing can go now.
   * @param mayGo says of an account whether its writes may go already. @default all may
   */
  take(
    mayGo: (account: string) => boolean = () => true,
  ): { ns: number; account: string; entries: Waiting[] } | null {
    const ns = this.#next(mayGo);
    const line = ns === undefined ? undefined : this.#lines.get(ns);
    if (ns === undefined || line === undefined) return null;
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
    this.#room.give(line.account, bytes);
    this.#underWay.set(line.account, (this.#underWay.get(line.account) ?? 0) + 1);
    line.busy = true;
    // To the end of the line: the others come first next time.
    this.#lines.delete(ns);
    this.#lines.set(ns, line);
    return { ns, account: line.account, entries };
  }

  #next(mayGo: (account: string) => boolean): number | undefined {
    let fewest = Infinity;
    let found: number | undefined;
    for (const [ns, line] of this.#lines) {
      if (line.busy || line.waiting.length === 0) continue;
      const underWay = this.#underWay.get(line.account) ?? 0;
      if (underWay >= fewest || !mayGo(line.account)) continue;
      fewest = underWay;
      found = ns;
      if (underWay === 0) return ns;
    }
    return found;
  }

  /** The writer is done with the group of this namespace. */
  done(ns: number): void {
    const line = this.#lines.get(ns);
    if (line === undefined) return;
    if (line.busy) {
      const left = (this.#underWay.get(line.account) ?? 1) - 1;
      if (left === 0) this.#underWay.delete(line.account);
      else this.#underWay.set(line.account, left);
    }
    line.busy = false;
    if (line.waiting.length === 0) this.#lines.delete(ns);
  }

  /** Takes out all that waits. */
  drain(): { account: string; waiting: Waiting[] }[] {
    const all = [...this.#lines.values()].map((line) => {
      this.#room.give(line.account, line.bytes);
      return { account: line.account, waiting: line.waiting.splice(0) };
    });
    this.#lines.clear();
    this.#underWay.clear();
    return all;
  }
}
