interface Waiting {
  readonly work: () => void;
  readonly pieces: number;
}

/**
 * Shares the turns of the loop between work of one kind, which many may want done at once, and everything else: what is
 * beyond the pieces of one turn is done in the next ones, in between which the loop hears of others. Those whose work it
 * is take turns; the work of each is done in the order in which it came.
 *
 * @example
 * const pace = new LoopPace<string>(8);
 * pace.next(account, () => begin());
 */
export class LoopPace<Whose> {
  readonly #pieces: number;
  /** What waits, by whose it is; whose turn it is stands first. */
  readonly #waiting = new Map<Whose, Waiting[]>();
  #left: number;
  #isArmed = false;

  /** @param pieces of work that are done in one turn of the loop */
  constructor(pieces: number) {
    this.#pieces = this.#left = pieces;
  }

  /**
   * Calls `work` once: now, or in a later turn of the loop. What it throws goes to the caller, or is an uncaught exception.
   * @param pieces that it takes as long as; what is longer than a turn has one alone
   */
  next(whose: Whose, work: () => void, pieces = 1): void {
    this.#arm();
    if (this.#waiting.size === 0 && this.#left > 0) return this.#run({ work, pieces });
    const waiting = this.#waiting.get(whose);
    if (waiting === undefined) this.#waiting.set(whose, [{ work, pieces }]);
    else waiting.push({ work, pieces });
  }

  /** Resolves when so many pieces may be done. */
  turn(whose: Whose, pieces = 1): Promise<void> {
    return new Promise((resolve) => this.next(whose, resolve, pieces));
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isArmed = false;
    this.#left = this.#pieces;
    if (this.#waiting.size > 0) this.#arm();
    for (const [whose, waiting] of this.#waiting) {
      if (this.#left <= 0) return;
      // Who has more stands last from here on, where this loop meets it again.
      this.#waiting.delete(whose);
      const next = waiting.shift()!;
      if (waiting.length > 0) this.#waiting.set(whose, waiting);
      this.#run(next);
    }
  }

  #run({ work, pieces }: Waiting): void {
    this.#left -= pieces;
    work();
  }
}
