/** What a cell knows of an account: a number that means nothing elsewhere, and its share of the threads. */
export interface AccountShare {
  readonly account: number;
  readonly weight: number;
}

/** Accounts that are remembered: many more than have isolates at once. */
const REMEMBERED = 10_000;

/**
 * Gives each account a number for cells, so that no name leaves the host. An account that was not asked for while ten
 * thousand others were gets another number when it comes again, by when no isolate of it is left.
 */
export class AccountNumbers {
  /** In order of last use, the oldest first. */
  readonly #shares = new Map<string, AccountShare>();
  #last = 0;
  readonly #weightOf: (account: string) => number;

  /** @param weightOf what an account may have beside others, from 1 */
  constructor(weightOf: (account: string) => number) {
    this.#weightOf = weightOf;
  }

  shareOf(account: string): AccountShare {
    const known = this.#shares.get(account);
    const share = known ?? { account: ++this.#last, weight: this.#weightOf(account) };
    this.#shares.delete(account);
    this.#shares.set(account, share);
    const [oldest] = this.#shares.keys();
    if (this.#shares.size > REMEMBERED) this.#shares.delete(oldest!);
    return share;
  }
}
