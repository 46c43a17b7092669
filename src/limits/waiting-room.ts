import { type RoomBounds, SharedRoom } from "./shared-room.ts";

interface Waiter {
  readonly amount: number;
  readonly enter: () => void;
}

/** A {@link SharedRoom} that one can wait for. Accounts take turns; one that waits is served in its order. */
export class WaitingRoom {
  readonly #room: SharedRoom;
  readonly #waiting = new Map<string, Waiter[]>();

  /** @param bounds each at least as large as the largest amount that is asked for */
  constructor(bounds: RoomBounds) {
    this.#room = new SharedRoom(bounds);
  }

  /** Takes some when there is room. Rejects with the signal's reason, and nothing taken, if that aborts first. */
  async take(account: string, amount: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#waiting.has(account) && this.#room.take(account, amount)) return;
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
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Gives back what was taken. */
  give(account: string, amount: number): void {
    this.#room.give(account, amount);
    this.#serve();
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
    // It may have stood before one that wants less.
    this.#serve();
  }

  #serve(): void {
    for (const [account, line] of this.#waiting) {
      const [first] = line;
      if (first === undefined || !this.#room.take(account, first.amount)) continue;
      line.shift();
      // To the end, where this loop meets it again.
      this.#waiting.delete(account);
      if (line.length > 0) this.#waiting.set(account, line);
      first.enter();
    }
  }
}
