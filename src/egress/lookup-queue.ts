import { EgressError, UNREACHABLE } from "./egress-error.ts";

/** Questions of one account that may wait. */
const MAX_WAITING = 100;

interface Account {
  readonly waiting: (() => void)[];
  running: number;
}

/**
 * Lets so many questions through at once, account by account in turn. No account has all places, so that one whose
 * names are answered late, or never, leaves a place to the others.
 */
export class LookupQueue {
  readonly #places: number;
  readonly #placesOfAccount: number;
  /** Accounts with something that waits or runs; the next in turn comes first. */
  readonly #accounts = new Map<string, Account>();
  #running = 0;

  constructor(places: number) {
    this.#places = places;
    this.#placesOfAccount = Math.max(1, places - 1);
  }

  /** Accounts that have something under way. */
  get accounts(): number {
    return this.#accounts.size;
  }

  /** Runs a question when its turn has come. @throws {EgressError} if too many of the account wait already */
  async run<T>(account: string, ask: () => Promise<T>): Promise<T> {
    let own = this.#accounts.get(account);
    if (own === undefined) this.#accounts.set(account, (own = { waiting: [], running: 0 }));
    if (own.waiting.length >= MAX_WAITING) throw new EgressError("TypeError", UNREACHABLE);
    const { promise, resolve } = Promise.withResolvers<void>();
    own.waiting.push(resolve);
    this.#next();
    await promise;
    try {
      return await ask();
    } finally {
      own.running -= 1;
      this.#running -= 1;
      if (own.running === 0 && own.waiting.length === 0) this.#accounts.delete(account);
      this.#next();
    }
  }

  #next(): void {
    while (this.#running < this.#places) {
      const turn = this.#pick();
      if (turn === null) return;
      const [account, own] = turn;
      own.running += 1;
      this.#running += 1;
      // To the end of the line of accounts.
      this.#accounts.delete(account);
      this.#accounts.set(account, own);
      own.waiting.shift()!();
    }
  }

  #pick(): readonly [string, Account] | null {
    for (const entry of this.#accounts)
      if (entry[1].waiting.length > 0 && entry[1].running < this.#placesOfAccount) return entry;
    return null;
  }
}
