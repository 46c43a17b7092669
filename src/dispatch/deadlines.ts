import type { Clock } from "../clock/clock.ts";
import { Standstill } from "../clock/standstill.ts";
import { type Placed, UnorderedList } from "../ids/unordered-list.ts";

const TICK_MS = 100;

/** Something that ends when nothing moves for too long. */
export interface Deadline extends Placed {
  /** Monotonic time at which it is overdue. */
  dueMs: number;
  overdue(): void;
  /** The host closes: nothing is waited for any more. */
  abandon(): void;
}

/**
 * One timer for the deadlines of all events: arming and moving one costs an assignment. Time in which the host itself
 * stood still moves them.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #deadlines = new UnorderedList<Deadline>();
  readonly #standstill: Standstill;
  #timer: NodeJS.Timeout | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#standstill = new Standstill(TICK_MS, clock.monotonicMs());
  }

  add(deadline: Deadline): void {
    this.#deadlines.add(deadline);
    if (this.#timer !== null) return;
    this.#standstill.start(this.#clock.monotonicMs());
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  remove(deadline: Deadline): void {
    this.#deadlines.remove(deadline);
    if (this.#deadlines.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Ends whatever still runs. */
  close(): void {
    for (const deadline of this.#deadlines.all()) deadline.abandon();
  }

  #tick(): void {
    const now = this.#clock.monotonicMs();
    const stoodMs = this.#standstill.look(now);
    for (const deadline of this.#deadlines.all()) {
      deadline.dueMs += stoodMs;
      if (deadline.dueMs <= now) deadline.overdue();
    }
  }
}
