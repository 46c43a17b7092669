import { type RoomBounds, SharedRoom } from "./shared-room.ts";

interface Waiter {
  readonly amount: number;
  readonly enter: () => void;
}

export interface WaitingRoomOptions {
  /**
   * While an account that holds nothing waits, those that hold something get no more: else many small takers could keep
   * out one that wants much. Not for work that takes piece by piece, which would be held up half-done. @default false
   */
  readonly emptyFirst?: boolean;
}

/** A {@link SharedRoom} that one can wait for. Accounts take turns; one that waits is served in its order. */
export class WaitingRoom {
  readonly #room: SharedRoom;
  readonly #emptyFirst: boolean;
  readonly #waiting = new Map<string, Waiter[]>();
  /** Accounts that wait and hold nothing. */
  readonly #empty = new Set<string>();

  /** @param bounds each at least as large as the largest amount that is asked for */
  constructor(bounds: RoomBounds, { emptyFirst = false }: WaitingRoomOptions = {}) {
    this.#room = new SharedRoom(bounds);
    this.#emptyFirst = emptyFirst;
  }

  /** Takes some if that needs no waiting; false, and nothing taken, if it does. */
  tryTake(account: string, amount: number): boolean {
    return !this.#waiting.has(account) && this.#enter(account, amount);
  }

  /** Takes some when there is room. Rejects with the signal's reason, and nothing taken, if that aborts first. */
  async take(account: string, amount: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.tryTake(account, amount)) return;
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        amount,
        enter: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#leave(account, waiter);
        reject(signal.reason as Error);
      };
      this.#line(account).push(waiter);
      this.#note(account);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Gives back what was taken. */
  give(account: string, amount: number): void {
    this.#room.give(account, amount);
    this.#note(account);
    this.#serve();
  }

  #enter(account: string, amount: number): boolean {
    const hasToWait = this.#emptyFirst && this.#empty.size > 0 && this.#room.holds(account);
    return !hasToWait && this.#room.take(account, amount);
  }

  /** To be called when an account waits or holds something, or no longer does. */
  #note(account: string): void {
    if (this.#waiting.has(account) && !this.#room.holds(account)) this.#empty.add(account);
    else this.#empty.delete(account);
  }

  #line(account: string): Waiter[] {
    let line = this.#waiting.get(account);
    if (line === undefined) this.#waiting.set(account, (line = []));
    return line;
  }

  #leave(account: string, waiter: Waiter): void {
    const line = this.#line(account).filter((other) => other !== waiter);
    if (line.length > 0) this.#waiting.set(account, line);
    else this.#waiting.delete(account);
    this.#note(account);
    // It may have stood before one that wants less.
    this.#serve();
  }

  #serve(): void {
    const hadEmpty = this.#empty.size > 0;
    for (const [account, line] of this.#waiting) {
      const [first] = line;
      if (first === undefined || !this.#enter(account, first.amount)) continue;
      line.shift();
      // To the end, where this loop meets it again.
      this.#waiting.delete(account);
      if (line.length > 0) this.#waiting.set(account, line);
      this.#note(account);
      first.enter();
    }
    // Those that stood before the last of them had to let it go first.
    if (this.#emptyFirst && hadEmpty && this.#empty.size === 0) this.#serve();
  }
}
