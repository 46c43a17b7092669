/** How long one that has much to do works in a turn of the loop, and all of them together, in ms. */
const SLICE_MS = 1;
const TURN_MS = 2;

/** Something that got more work than it may do at one go. */
export interface Laggard {
  /** Works until then, by `performance.now()`, on one piece at least. Gives whether some is left. */
  work(untilMs: number): boolean;
}

/**
 * Shares the host's loop among isolates whose turns put out much at once, such as thousands of calls: each works a little
 * in every turn of the loop, and in between the loop hears of all others.
 */
export class CatchUps {
  #waiting: Laggard[] = [];
  /** Those that wait, or work now: each once. */
  readonly #queued = new Set<Laggard>();
  #isArmed = false;
  /** For how long those that came in this turn of the loop have worked at once. */
  #begunMs = 0;

  /**
   * Lets it work now, and goes on in later turns of the loop where that is not enough. So does one that comes when others
   * have worked long enough in this turn; one that waits waits on.
   */
  begin(laggard: Laggard): void {
    if (this.#queued.has(laggard)) return;
    this.#arm();
    if (this.#begunMs < TURN_MS) {
      const startMs = performance.now();
      const isLeft = this.#works(laggard);
      this.#begunMs += performance.now() - startMs;
      if (!isLeft) return;
    }
    this.#queued.add(laggard);
    this.#waiting.push(laggard);
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isArmed = false;
    this.#begunMs = 0;
    const due = this.#waiting;
    this.#waiting = [];
    const untilMs = performance.now() + TURN_MS;
    const again: Laggard[] = [];
    let at = 0;
    for (let nowMs = 0; at < due.length && nowMs < untilMs; at++) {
      const laggard = due[at]!;
      if (this.#works(laggard)) again.push(laggard);
      else this.#queued.delete(laggard);
      nowMs = performance.now();
    }
    // Those that had no time come first in the next turn.
    this.#waiting = [...due.slice(at), ...again, ...this.#waiting];
    if (this.#waiting.length > 0) this.#arm();
  }

  #works(laggard: Laggard): boolean {
    try {
      return laggard.work(performance.now() + SLICE_MS);
    } catch (error) {
      // A piece that breaks holds up no other: it is a fault of Skerry, told as one that nobody waits for.
      void Promise.reject(error);
      return true;
    }
  }
}
