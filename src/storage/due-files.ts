/** Files of accounts that something is to be done with: accounts take turns, so that one with many holds up nobody. */
export class DueFiles {
  readonly #accounts = new Map<string, Set<number>>();

  add(account: string, ns: number): void {
    const due = this.#accounts.get(account);
    if (due === undefined) this.#accounts.set(account, new Set([ns]));
    else due.add(ns);
  }

  /** Takes out up to `most` of them. */
  take(most: number): number[] {
    const taken: number[] = [];
    while (taken.length < most && this.#accounts.size > 0) {
      for (const [account, due] of this.#accounts) {
        if (taken.length === most) break;
        for (const ns of due) {
          taken.push(ns);
          due.delete(ns);
          break;
        }
        this.#accounts.delete(account);
        // To the end of the line.
        if (due.size > 0) this.#accounts.set(account, due);
      }
    }
    return taken;
  }
}
