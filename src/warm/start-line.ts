/** Starts that wait, in turn over accounts, so that the many of one do not keep the few of another waiting. */
export class StartLine<T extends { readonly account: string }> {
  /** Accounts with waiting starts; the one that was served last stands last. */
  readonly #waiting = new Map<string, T[]>();
  readonly #underWay = new Map<string, number>();

  add(start: T): void {
    const own = this.#waiting.get(start.account);
    if (own === undefined) this.#waiting.set(start.account, [start]);
    else own.push(start);
  }

  /**
   * The start that is next; it stays in line until `begin`.
   * @param most how many starts of one account may be under way
   */
  next(most: number): T | undefined {
    for (const [account, own] of this.#waiting) if ((this.#underWay.get(account) ?? 0) < most) return own[0];
    return undefined;
  }

  /** The start that `next` gave is under way; `end` follows. */
  begin({ account }: T): void {
    const own = this.#waiting.get(account)!;
    own.shift();
    this.#waiting.delete(account);
    if (own.length > 0) this.#waiting.set(account, own);
    this.#underWay.set(account, (this.#underWay.get(account) ?? 0) + 1);
  }

  end({ account }: T): void {
    const left = (this.#underWay.get(account) ?? 1) - 1;
    if (left === 0) this.#underWay.delete(account);
    else this.#underWay.set(account, left);
  }
}
