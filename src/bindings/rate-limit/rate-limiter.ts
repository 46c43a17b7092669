import { createHash } from "node:crypto";
import type { Clock } from "../../clock/clock.ts";
import type { RateLimitTarget } from "./rate-limit-binding.ts";

/** Longer keys are kept as a digest, so that what a counter takes is known. */
const PLAIN_KEY_CHARS = 64;
/** Namespaces of one account that are counted at once; the one that was made first is forgotten. */
const MAX_WINDOWS = 1_000;

interface Window {
  readonly periodMs: number;
  /** Which one it is since the epoch. */
  index: number;
  /** Least recently counted first. */
  readonly counts: Map<string, number>;
}

interface Account {
  readonly windows: Map<string, Window>;
  size: number;
}

export interface RateLimiterBounds {
  /** Keys of one account. @default 50000 */
  readonly perAccount?: number;
  /** Keys of all accounts. @default 500000 */
  readonly inAll?: number;
}

/**
 * Counts keys in windows of fixed length, which begin where the time since the epoch is a multiple of it. Counters live in
 * memory: a host that starts begins anew. Where there are too many, those that were not counted for longest are
 * forgotten, of the account that has too many.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #perAccount: number;
  readonly #inAll: number;
  readonly #accounts = new Map<string, Account>();
  #size = 0;

  constructor(clock: Clock, { perAccount = 50_000, inAll = 500_000 }: RateLimiterBounds = {}) {
    this.#clock = clock;
    this.#perAccount = perAccount;
    this.#inAll = inAll;
  }

  /** How many keys are counted now. */
  get size(): number {
    return this.#size;
  }

  /** Counts a key. @returns Whether it has not passed too often in this window; what does not pass counts no further */
  pass({ account: name, namespaceId, limit, periodS }: RateLimitTarget, key: string): boolean {
    const account = this.#account(name);
    const { counts } = this.#window(account, `${periodS} ${namespaceId}`, periodS * 1_000);
    const kept = key.length > PLAIN_KEY_CHARS ? digestOf(key) : `=${key}`;
    const count = counts.get(kept);
    if (count === undefined) {
      this.#makeRoom(account);
      account.size++;
      this.#size++;
    } else counts.delete(kept);
    const passes = (count ?? 0) < limit;
    counts.set(kept, (count ?? 0) + (passes ? 1 : 0));
    return passes;
  }

  #account(name: string): Account {
    let account = this.#accounts.get(name);
    if (account === undefined) this.#accounts.set(name, (account = { windows: new Map(), size: 0 }));
    return account;
  }

  /** The present window of a namespace; what was counted in an earlier one is forgotten. */
  #window(account: Account, id: string, periodMs: number): Window {
    const index = Math.floor(this.#clock.now() / periodMs);
    let window = account.windows.get(id);
    if (window === undefined) {
      if (account.windows.size >= MAX_WINDOWS) {
        const [oldest, old] = account.windows.entries().next().value!;
        this.#clear(account, old);
        account.windows.delete(oldest);
      }
      account.windows.set(id, (window = { periodMs, index, counts: new Map() }));
    }
    if (window.index !== index) {
      this.#clear(account, window);
      window.index = index;
    }
    return window;
  }

  #clear(account: Account, { counts }: Window): void {
    account.size -= counts.size;
    this.#size -= counts.size;
    counts.clear();
  }

  #makeRoom(account: Account): void {
    if (account.size >= this.#perAccount) this.#forgetOldest(account, account.size >> 4);
    if (this.#size < this.#inAll) return;
    this.#sweep();
    if (this.#size < this.#inAll) return;
    const [largest] = [...this.#accounts.values()].toSorted((a, b) => b.size - a.size);
    this.#forgetOldest(largest!, largest!.size >> 1);
  }

  /** Forgets the least recently counted of each namespace, in proportion, so that one flood costs the others little. */
  #forgetOldest(account: Account, count: number): void {
    const share = Math.max(1, count) / account.size;
    for (const window of account.windows.values()) {
      let left = Math.ceil(window.counts.size * share);
      for (const key of window.counts.keys()) {
        if (left-- <= 0) break;
        window.counts.delete(key);
        account.size--;
        this.#size--;
      }
    }
  }

  /** Forgets windows that are over, and accounts that have none. */
  #sweep(): void {
    const nowMs = this.#clock.now();
    for (const [name, account] of this.#accounts) {
      for (const [id, window] of account.windows) {
        if (window.index === Math.floor(nowMs / window.periodMs)) continue;
        this.#clear(account, window);
        account.windows.delete(id);
      }
      if (account.windows.size === 0) this.#accounts.delete(name);
    }
  }
}

function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
