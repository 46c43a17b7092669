/** What a cell knows of an account: a number that means nothing elsewhere, and its share of the threads. */
export interface AccountShare {
  readonly account: number;
  readonly weight: number;
}

/** Gives each account a number for cells, so that no name leaves the host. */
export class AccountNumbers {
  readonly #shares = new Map<string, AccountShare>();
  readonly #weightOf: (account: string) => number;

  /** @param weightOf what an account may have beside others, from 1 */
  constructor(weightOf: (account: string) => number) {
    this.#weightOf = weightOf;
  }

  shareOf(account: string): AccountShare {
    let share = this.#shares.get(account);
    if (share === undefined) {
      share = { account: this.#shares.size + 1, weight: this.#weightOf(account) };
      this.#shares.set(account, share);
    }
    return share;
  }
}
