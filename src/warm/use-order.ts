import { AccountShares } from "./account-shares.ts";
import { chooseVictim } from "./choose-victim.ts";
import type { WarmIsolate } from "./warm-isolate.ts";

/** The isolates that are warm or drain, in order of last use, the oldest first. */
export class UseOrder {
  readonly #isolates = new Map<number, WarmIsolate>();
  readonly #shares = new AccountShares();
  /** The last of them, which stays where it is when it is used again. */
  #lastUsed: WarmIsolate | null = null;

  get size(): number {
    return this.#isolates.size;
  }

  get(id: number): WarmIsolate | undefined {
    return this.#isolates.get(id);
  }

  values(): Iterable<WarmIsolate> {
    return this.#isolates.values();
  }

  /** The isolate, which may be new here, is used now. */
  touch(isolate: WarmIsolate, nowMs: number): void {
    isolate.lastUsedMs = nowMs;
    if (this.#lastUsed === isolate) return;
    this.#lastUsed = isolate;
    if (!this.#isolates.delete(isolate.id)) this.#shares.add(isolate);
    this.#isolates.set(isolate.id, isolate);
  }

  /** @returns whether it was there */
  delete(isolate: WarmIsolate): boolean {
    if (!this.#isolates.delete(isolate.id)) return false;
    this.#shares.remove(isolate);
    if (this.#lastUsed === isolate) this.#lastUsed = null;
    return true;
  }

  /** Who goes so that the account may start one more; null if nobody can. */
  victimFor(account: string): WarmIsolate | null {
    return chooseVictim(this.#isolates.values(), this.#shares, account);
  }
}
