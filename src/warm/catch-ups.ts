/**
 * How long one that has much to do works at one go, and all of them together in a turn of the loop, in ms. What their work
 * leads to (replies, promises) is not counted, and takes as long again: others wait for both.
 */
const SLICE_MS = 0.2;
const TURN_MS = 0.3;

/** Something that got more work than it may do at one go. */
export interface Laggard {
  /** Whose work it is. */
  readonly account: string;
  /** How long its account has to wait before it uses more of the loop, in ms; 0 where it need not. */
  heldMs(): number;
  /** Works until then, by `performance.now()`, on one piece at least. Gives whether some is left. */
  work(untilMs: number): boolean;
}

/**
 * Shares the host's loop among isolates whose turns put out much at once, such as thousands of calls: each works a little
 * in every turn of the loop, and in between the loop hears of all others. Accounts take turns, and within one its
 * isolates: who has many of them gets no more. Accounts that are held to a pace come when that lets them.
 */
export class CatchUps {
  /** Those that wait, by account; the account whose turn it is stands first. */
  readonly #waiting = new Map<string, Laggard[]>();
  /** Those that wait, or work now: each once. */
  readonly #queued = new Set<Laggard>();
  #isArmed = false;
  /** For how long those that came in this turn of the loop have worked at once. */
  #begunMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Lets it work now, and goes on in later turns of the loop where that is not enough. So does one that comes when others
   * have worked long enough in this turn; one that waits waits on.
   */
  begin(laggard: Laggard): void {
    if (this.#queued.has(laggard)) return;
    this.#arm();
    if (this.#begunMs < TURN_MS && laggard.heldMs() === 0) {
      const startMs = performance.now();
      const isLeft = this.#works(laggard);
      this.#begunMs += performance.now() - startMs;
      if (!isLeft) return;
    }
    this.#queued.add(laggard);
    this.#wait(laggard);
  }

  #wait(laggard: Laggard): void {
    const waiting = this.#waiting.get(laggard.account);
    if (waiting === undefined) this.#waiting.set(laggard.account, [laggard]);
    else waiting.push(laggard);
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    clearTimeout(this.#timer);
    setImmediate(() => this.#turn());
  }

  /** Comes back for those that wait: in the next turn of the loop, or when the first of them is held no more. */
  #goOn(): void {
    let heldMs = Infinity;
    for (const [first] of this.#waiting.values()) heldMs = Math.min(heldMs, first!.heldMs());
    if (heldMs === 0) this.#arm();
    else if (heldMs < Infinity) this.#timer = setTimeout(() => this.#arm(), Math.max(1, heldMs));
  }

  #turn(): void {
    this.#isArmed = false;
    this.#begunMs = 0;
    const untilMs = performance.now() + TURN_MS;
    for (const [account, waiting] of this.#waiting) {
      if (waiting[0]!.heldMs() > 0) continue;
      // It stands last from here on, if it still has something to do.
      this.#waiting.delete(account);
      const laggard = waiting.shift()!;
      if (waiting.length > 0) this.#waiting.set(account, waiting);
      if (this.#works(laggard)) this.#wait(laggard);
      else this.#queued.delete(laggard);
      if (performance.now() >= untilMs) break;
    }
    this.#goOn();
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
