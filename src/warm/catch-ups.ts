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
  #isArmed = false;

  /** Lets it work now, and goes on in later turns of the loop where that is not enough. Only one that does not wait. */
  begin(laggard: Laggard): void {
    if (!laggard.work(performance.now() + SLICE_MS)) return;
    this.#waiting.push(laggard);
    this.#arm();
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isArmed = false;
    const due = this.#waiting;
    this.#waiting = [];
    const untilMs = performance.now() + TURN_MS;
    const again: Laggard[] = [];
    let at = 0;
    for (let nowMs = 0; at < due.length && nowMs < untilMs; at++) {
      const laggard = due[at]!;
      if (laggard.work(performance.now() + SLICE_MS)) again.push(laggard);
      nowMs = performance.now();
    }
    // Those that had no time come first in the next turn.
    this.#waiting = [...due.slice(at), ...again, ...this.#waiting];
    if (this.#waiting.length > 0) this.#arm();
  }
}
