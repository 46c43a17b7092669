interface Waiting {
  readonly work: () => void;
  readonly pieces: number;
}

/**
 * Shares the turns of the loop between work of one kind, which many may want done at once, and everything else: what is
 * beyond the pieces of one turn is done in the next ones, in between which the loop hears of others. Those whose work it
 * is take turns; the work of each is done in the order in which it came. Those that are held wait, and hold up no others.
 *
 * @example
 * const pace = new LoopPace<string>(8);
 * pace.next(account, () => begin());
 */
export class LoopPace<Whose> {
  readonly #pieces: number;
  readonly #heldMs: (whose: Whose) => number;
  /** What waits, by whose it is; whose turn it is stands first. */
  readonly #waiting = new Map<Whose, Waiting[]>();
  #left: number;
  #isArmed = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param pieces of work that are done in one turn of the loop
   * @param heldMs how long somebody has to wait before more of his work is done, in ms; 0 where he need not @default nobody
   */
  constructor(pieces: number, heldMs: (whose: Whose) => number = () => 0) {
    this.#pieces = this.#left = pieces;
    this.#heldMs = heldMs;
  }

  /**
   * Calls `work` once: now, or in a later turn of the loop. What it throws goes to the caller, or is an uncaught exception.
   * @param pieces that it takes as long as; what is longer than a turn has one alone
   */
  next(whose: Whose, work: () => void, pieces = 1): void {
    this.#arm();
    if (this.#waiting.size === 0 && this.#left > 0 && this.#heldMs(whose) === 0)
      return this.#run({ work, pieces });
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
    clearTimeout(this.#timer);
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isArmed = false;
    this.#left = this.#pieces;
    try {
      for (const [whose, waiting] of this.#waiting) {
        if (this.#left <= 0) return;
        if (this.#heldMs(whose) > 0) continue;
        // Who has more stands last from here on, where this loop meets it again.
        this.#waiting.delete(whose);
        const next = waiting.shift()!;
        if (waiting.length > 0) this.#waiting.set(whose, waiting);
        this.#run(next);
      }
    } finally {
      this.#goOn();
    }
  }

  /** Comes back for what waits: in the next turn of the loop, or when the first of them is held no more. */
  #goOn(): void {
    // The turn after one in which something was done has all pieces again.
    if (this.#waiting.size === 0 && this.#left < this.#pieces) return this.#arm();
    let heldMs = Infinity;
    for (const whose of this.#waiting.keys()) {
      heldMs = Math.min(heldMs, this.#heldMs(whose));
      if (heldMs === 0) return this.#arm();
    }
    if (heldMs < Infinity) this.#timer = setTimeout(() => this.#arm(), Math.max(1, heldMs));
  }

  #run({ work, pieces }: Waiting): void {
    this.#left -= pieces;
    work();
  }
}
