/** Pieces that are read in one turn of the host's loop: of at most 64 KiB each, they take about a millisecond. */
export const PIECES_PER_TURN = 16;

interface Reader {
  readonly pieces: number;
  readonly go: () => void;
}

/** Has accounts take turns at reading large values, a few pieces in each turn of the host's loop. */
export class ReadTurns {
  /** Who waits, by account; the account that is next first. */
  readonly #waiting = new Map<string, Reader[]>();
  #left = PIECES_PER_TURN;
  #scheduled = false;

  /** Resolves when the account may read a piece, or what takes as long as some. What is longer than a turn has one alone. */
  async next(account: string, pieces = 1): Promise<void> {
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => this.#turn());
    }
    if (this.#waiting.size === 0 && this.#left > 0) {
      this.#left -= pieces;
      return;
    }
    await new Promise<void>((go) => {
      const waiting = this.#waiting.get(account);
      if (waiting === undefined) this.#waiting.set(account, [{ pieces, go }]);
      else waiting.push({ pieces, go });
    });
  }

  #turn(): void {
    this.#left = PIECES_PER_TURN;
    for (const [account, waiting] of this.#waiting) {
      if (this.#left <= 0) break;
      const reader = waiting.shift();
      this.#left -= reader?.pieces ?? 0;
      reader?.go();
      // To the end of the line, where the loop meets it again if there is something left of this turn.
      this.#waiting.delete(account);
      if (waiting.length > 0) this.#waiting.set(account, waiting);
    }
    this.#scheduled = this.#waiting.size > 0 || this.#left < PIECES_PER_TURN;
    if (this.#scheduled) setImmediate(() => this.#turn());
  }
}
