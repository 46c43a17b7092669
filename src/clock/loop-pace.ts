/** What may be done in one turn of the loop. */
export interface PaceBounds {
  /** Pieces of work. @default any number */
  readonly pieces?: number;
  /** Time that they take, in ms: the piece that goes beyond it is the last one. @default as long as it takes */
  readonly ms?: number;
}

/**
 * Shares the turns of the loop between work of one kind, which many may want done at once, and everything else: what is
 * beyond the bounds is done in the next turns, in between which the loop hears of others. Those whose work it is take
 * turns; the work of each is done in the order in which it came.
 *
 * @example
 * const pace = new LoopPace<string>({ pieces: 8 });
 * pace.next(account, () => begin());
 */
export class LoopPace<Whose> {
  readonly #pieces: number;
  readonly #ms: number;
  /** What waits, by whose it is; whose turn it is stands first. */
  readonly #waiting = new Map<Whose, (() => void)[]>();
  #piecesLeft: number;
  #msLeft: number;
  #isArmed = false;

  constructor({ pieces = Infinity, ms = Infinity }: PaceBounds) {
    this.#pieces = this.#piecesLeft = pieces;
    this.#ms = this.#msLeft = ms;
  }

  /** Calls `work` once: now, or in a later turn of the loop. What it throws goes to the caller, or is an uncaught exception. */
  next(whose: Whose, work: () => void): void {
    this.#arm();
    if (this.#waiting.size === 0 && this.#isLeft) return this.#run(work);
    const waiting = this.#waiting.get(whose);
    if (waiting === undefined) this.#waiting.set(whose, [work]);
    else waiting.push(work);
  }

  get #isLeft(): boolean {
    return this.#piecesLeft > 0 && this.#msLeft > 0;
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isArmed = false;
    this.#piecesLeft = this.#pieces;
    this.#msLeft = this.#ms;
    if (this.#waiting.size > 0) this.#arm();
    for (const [whose, waiting] of this.#waiting) {
      if (!this.#isLeft) return;
      // Who has more stands last from here on.
      this.#waiting.delete(whose);
      const work = waiting.shift()!;
      if (waiting.length > 0) this.#waiting.set(whose, waiting);
      this.#run(work);
    }
  }

  #run(work: () => void): void {
    this.#piecesLeft--;
    if (this.#ms === Infinity) return work();
    const startMs = performance.now();
    try {
      work();
    } finally {
      this.#msLeft -= performance.now() - startMs;
    }
  }
}
