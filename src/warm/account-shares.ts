import type { WarmIsolate } from "./warm-isolate.ts";

type Members = ReadonlySet<WarmIsolate>;

/** Which account has how many of the isolates, kept up to date, so that nobody needs to count them. */
export class AccountShares {
  readonly #accounts = new Map<string, Set<WarmIsolate>>();
  /** The accounts, by how many isolates they have. */
  readonly #bySize = new Map<number, Set<Members>>();
  #isolates = 0;

  add(isolate: WarmIsolate): void {
    const { account } = isolate.version;
    let members = this.#accounts.get(account);
    if (members === undefined) this.#accounts.set(account, (members = new Set()));
    if (members.has(isolate)) return;
    this.#resize(members, () => members.add(isolate));
    this.#isolates++;
  }

  remove(isolate: WarmIsolate): void {
    const { account } = isolate.version;
    const members = this.#accounts.get(account);
    if (members?.has(isolate) !== true) return;
    this.#resize(members, () => members.delete(isolate));
    if (members.size === 0) this.#accounts.delete(account);
    this.#isolates--;
  }

  /** The isolates of an account. */
  of(account: string): Members {
    return this.#accounts.get(account) ?? NONE;
  }

  /** What each account would have if all had as many, this one among them. */
  fairShare(account: string): number {
    return this.#isolates / (this.#accounts.size + (this.#accounts.has(account) ? 0 : 1));
  }

  /** The accounts that have more isolates than that. */
  *above(share: number): Generator<Members, void, undefined> {
    // There are few sizes: n different ones take n² / 2 isolates.
    for (const [size, accounts] of this.#bySize) if (size > share) yield* accounts;
  }

  #resize(members: Set<WarmIsolate>, change: () => void): void {
    const before = this.#bySize.get(members.size);
    before?.delete(members);
    if (before?.size === 0) this.#bySize.delete(members.size);
    change();
    if (members.size === 0) return;
    let after = this.#bySize.get(members.size);
    if (after === undefined) this.#bySize.set(members.size, (after = new Set()));
    after.add(members);
  }
}

const NONE: Members = new Set();
