import { type RoomBounds, SharedRoom } from "../limits/shared-room.ts";

/** What questions that wait may weigh. */
const BOUNDS: RoomBounds = { all: 256 * 1024 ** 2, perAccount: 32 * 1024 ** 2 };
/** What a question weighs beside its texts, in bytes. */
const QUESTION_BYTES = 4_096;
/** Questions that are with the thread at once: enough that it need not wait for the host between two. */
const AT_ONCE = 4;
/** What a question of an account of which nothing is known yet is taken to cost, in microseconds. */
const GUESS_US = 20;

/** A question to the cache's thread. */
export interface CacheAsked {
  readonly account: string;
  /** Characters of its texts. */
  readonly chars: number;
}

interface Line<T> {
  readonly account: string;
  waiting: T[];
  /** Where the first that waits stands. */
  from: number;
  running: number;
  /** Time of the thread that it has had, beside others. */
  usedUs: number;
  /** What one of its questions took of late. */
  lastUs: number;
}

/**
 * Questions that wait for the cache's thread, a line per account. The account that has had least of the thread's time is
 * served first, so that one whose questions take long waits for the others and not they for it. Bounded by account and in
 * all: what does not fit is refused.
 */
export class CacheTurns<T extends CacheAsked> {
  readonly #room: SharedRoom;
  readonly #lines = new Map<string, Line<T>>();
  #running = 0;
  #waiting = 0;
  /** What the line that was served last had used: who comes anew begins there. */
  #nowUs = 0;

  constructor(bounds: RoomBounds = BOUNDS) {
    this.#room = new SharedRoom(bounds);
  }

  /** Whether nothing waits or is with the thread. */
  get isIdle(): boolean {
    return this.#lines.size === 0;
  }

  /** Puts a question at the end of its account's line; false if too much waits. */
  add(question: T): boolean {
    if (!this.#room.take(question.account, weightOf(question))) return false;
    const { account } = question;
    let line = this.#lines.get(account);
    if (line === undefined) {
      line = { account, waiting: [], from: 0, running: 0, usedUs: this.#nowUs, lastUs: GUESS_US };
      this.#lines.set(account, line);
    }
    line.waiting.push(question);
    this.#waiting++;
    return true;
  }

  /** The question whose turn it is; null if none waits, or enough are with the thread. `done` follows. */
  take(): T | null {
    if (this.#running === AT_ONCE) return null;
    let next: Line<T> | undefined;
    let nextUs = Infinity;
    for (const line of this.#lines.values()) {
      // What is under way is counted as what the last one took: else one account would fill all places at once.
      const usedUs = line.usedUs + line.running * line.lastUs;
      if (line.from === line.waiting.length || usedUs >= nextUs) continue;
      next = line;
      nextUs = usedUs;
    }
    if (next === undefined) return null;
    const question = next.waiting[next.from++]!;
    if (2 * next.from >= next.waiting.length) {
      next.waiting = next.waiting.slice(next.from);
      next.from = 0;
    }
    next.running++;
    this.#running++;
    this.#waiting--;
    this.#nowUs = Math.max(this.#nowUs, nextUs);
    return question;
  }

  /** A question that was taken is answered. @param cpuUs what it cost the thread */
  done(question: T, cpuUs: number): void {
    this.#room.give(question.account, weightOf(question));
    this.#running--;
    const line = this.#lines.get(question.account)!;
    line.running--;
    line.usedUs += cpuUs;
    line.lastUs = cpuUs;
    this.#forgetIdle();
  }

  /** Takes all that wait away, for a thread that has died. What was taken is `done` by itself. */
  drain(): T[] {
    const all: T[] = [];
    for (const line of this.#lines.values()) {
      for (const question of line.waiting.splice(0).slice(line.from)) {
        this.#room.give(question.account, weightOf(question));
        all.push(question);
      }
      line.from = 0;
    }
    this.#waiting = 0;
    this.#forgetIdle();
    return all;
  }

  /** Lines without a question go once the others have had as much time; all of them when nothing is left to do. */
  #forgetIdle(): void {
    const isDone = this.#running + this.#waiting === 0;
    for (const line of this.#lines.values()) {
      const isEmpty = line.running === 0 && line.from === line.waiting.length;
      if (isEmpty && (isDone || line.usedUs <= this.#nowUs)) this.#lines.delete(line.account);
    }
    if (isDone) this.#nowUs = 0;
  }
}

function weightOf({ chars }: CacheAsked): number {
  return QUESTION_BYTES + chars;
}
