/** How many run at once. */
export interface QueuePlaces {
  /** Operations that run at once. */
  readonly places: number;
  /** Of these, how many may be long ones. */
  readonly longPlaces: number;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Those who wait, by account, in the order in which accounts come next. */
class Lane {
  readonly #accounts = new Map<string, Set<Waiter>>();

  get empty(): boolean {
    return this.#accounts.size === 0;
  }

  add(account: string, waiter: Waiter): void {
    const waiting = this.#accounts.get(account);
    if (waiting === undefined) this.#accounts.set(account, new Set([waiter]));
    else waiting.add(waiter);
  }

  remove(account: string, waiter: Waiter): void {
    const waiting = this.#accounts.get(account);
    waiting?.delete(waiter);
    if (waiting?.size === 0) this.#accounts.delete(account);
  }

  /** The first of the account whose turn it is; the account then goes to the end. */
  take(): Waiter | undefined {
    for (const [account, waiting] of this.#accounts) {
      this.#accounts.delete(account);
      for (const waiter of waiting) {
        waiting.delete(waiter);
        if (waiting.size > 0) this.#accounts.set(account, waiting);
        return waiter;
      }
    }
    return undefined;
  }
}

/**
 * Lets operations run a few at a time, fairly: accounts take turns, however much each of them asks for, and long
 * operations never take all places, so that short ones always go on.
 */
export class FairQueue {
  readonly #options: QueuePlaces;
  readonly #short = new Lane();
  readonly #long = new Lane();
  #running = 0;
  #runningLong = 0;
  #lastWasLong = false;

  constructor(options: QueuePlaces) {
    this.#options = options;
  }

  /**
   * Waits for a place.
   * @param isLong whether the operation takes long enough to be in others' way
   * @returns gives the place back; to be called once
   * @throws the signal's reason if it aborts first
   */
  async enter(account: string, isLong: boolean, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const lane = isLong ? this.#long : this.#short;
    if (lane.empty && this.#hasPlace(isLong)) this.#start(isLong);
    else await this.#wait(lane, account, signal);
    return () => {
      this.#running--;
      if (isLong) this.#runningLong--;
      this.#pump();
    };
  }

  #wait(lane: Lane, account: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        lane.remove(account, waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        reject,
        resolve: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      lane.add(account, waiter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #pump(): void {
    for (;;) {
      const long = !this.#long.empty && this.#hasPlace(true);
      const short = !this.#short.empty && this.#hasPlace(false);
      if (!long && !short) return;
      const isLong = long && (!short || !this.#lastWasLong);
      const waiter = (isLong ? this.#long : this.#short).take();
      if (waiter === undefined) return;
      this.#start(isLong);
      waiter.resolve();
    }
  }

  #hasPlace(isLong: boolean): boolean {
    return this.#running < this.#options.places && (!isLong || this.#runningLong < this.#options.longPlaces);
  }

  #start(isLong: boolean): void {
    this.#running++;
    if (isLong) this.#runningLong++;
    this.#lastWasLong = isLong;
  }
}
