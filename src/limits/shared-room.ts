/** How much there is of something that accounts share. */
export interface RoomBounds {
  readonly all: number;
  readonly perAccount: number;
}

/**
 * Room that accounts share. None may have more than its bound, nor more than half of what nobody has yet: so however many
 * accounts take all that they can get, some is left for one that comes later.
 */
export class SharedRoom {
  readonly #bounds: RoomBounds;
  readonly #held = new Map<string, number>();
  #all = 0;

  constructor(bounds: RoomBounds) {
    this.#bounds = bounds;
  }

  /** Whether the account has any of it. */
  holds(account: string): boolean {
    return this.#held.has(account);
  }

  /** Takes some; false, and nothing taken, if the account may not have so much now. */
  take(account: string, amount: number): boolean {
    const { all, perAccount } = this.#bounds;
    const held = (this.#held.get(account) ?? 0) + amount;
    if (held > perAccount || held > Math.max(0, all - this.#all) / 2) return false;
    this.#held.set(account, held);
    this.#all += amount;
    return true;
  }

  /** Gives back what was taken. */
  give(account: string, amount: number): void {
    const held = (this.#held.get(account) ?? 0) - amount;
    if (held > 0) this.#held.set(account, held);
    else this.#held.delete(account);
    this.#all -= amount;
  }
}
