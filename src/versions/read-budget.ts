/** What an account may have read at one go, in microseconds. */
const AT_ONCE_US = 500_000;
/** What it may have read in the long run, in microseconds for each ms: 5 % of the loop's time. */
const US_PER_MS = 50;

/** Bounds what the host reads on its loop for each account. Priced by size, so that a slow machine gives nobody less. */
export class ReadBudget {
  readonly #nowMs: () => number;
  /** What accounts have had, less what they got back since; the one that was charged longest ago first. */
  readonly #debts = new Map<string, { readonly us: number; readonly atMs: number }>();

  /** @param nowMs a clock that only goes forward */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Accounts that are remembered. */
  get size(): number {
    return this.#debts.size;
  }

  /** Whether something more may be read for the account; it may be larger than what is left. */
  has(account: string): boolean {
    return this.#debtUs(account) < AT_ONCE_US;
  }

  charge(account: string, us: number): void {
    const debt = { us: this.#debtUs(account) + us, atMs: this.#nowMs() };
    this.#debts.delete(account);
    this.#debts.set(account, debt);
    for (const other of this.#debts.keys()) {
      if (this.#debtUs(other) > 0) break;
      this.#debts.delete(other);
    }
  }

  #debtUs(account: string): number {
    const debt = this.#debts.get(account);
    return debt === undefined ? 0 : Math.max(0, debt.us - (this.#nowMs() - debt.atMs) * US_PER_MS);
  }
}
