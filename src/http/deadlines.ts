import { Standstill } from "../clock/standstill.ts";
import { type Placed, UnorderedList } from "../ids/unordered-list.ts";

/** A moment after which something is given up. Moving it costs no timer. */
export interface Deadline {
  /** Sets or moves it: so many ms from now. */
  in(ms: number): void;
  /** Nothing is waited for any more. */
  clear(): void;
}

/**
 * All deadlines of a listener, looked at together every so often: a timer per chunk of a body would
 * cost more than the chunk. Time in which the host itself stood still moves them: what came meanwhile is not read yet.
 */
export class Deadlines {
  readonly #armed = new UnorderedList<ListedDeadline>();
  readonly #timer: NodeJS.Timeout;
  readonly #standstill: Standstill;

  /** @param intervalMs How often they are looked at, so how late they may be. */
  constructor(intervalMs: number) {
    this.#standstill = new Standstill(intervalMs, performance.now());
    this.#timer = setInterval(() => this.#sweep(), intervalMs);
    this.#timer.unref();
  }

  /** Makes a deadline that is not set. */
  create(expire: () => void): Deadline {
    return new ListedDeadline(this.#armed, expire);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#armed.clear();
  }

  #sweep(): void {
    const nowMs = performance.now();
    const stoodMs = this.#standstill.look(nowMs);
    for (const deadline of this.#armed.all()) {
      deadline.atMs += stoodMs;
      // One that expired may have cleared others.
      if (deadline.atMs > nowMs || deadline.place === -1) continue;
      deadline.clear();
      deadline.expire();
    }
  }
}

class ListedDeadline implements Deadline, Placed {
  readonly expire: () => void;
  atMs = 0;
  place = -1;
  readonly #list: UnorderedList<ListedDeadline>;

  constructor(list: UnorderedList<ListedDeadline>, expire: () => void) {
    this.#list = list;
    this.expire = expire;
  }

  in(ms: number): void {
    this.atMs = performance.now() + ms;
    this.#list.add(this);
  }

  clear(): void {
    this.#list.remove(this);
  }
}
