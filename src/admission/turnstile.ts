import type { AccountLoad } from "./account-load.ts";

/** Events of one account that begin in one turn of the host's loop beside another account. */
const EVENTS_PER_TURN = 16;
/** After so long without a change of account, the one that comes is taken to be alone. */
const ALONE_MS = 1_000;

/**
 * Lets the events of an account begin a few in each turn of the host's loop, as long as there are others: what one sends
 * at once would otherwise be handled in one go, and whoever comes in between waits for all of it.
 */
export class Turnstile {
  /** Events that wait, by account; the accounts in the order in which they came. */
  readonly #waiting = new Map<AccountLoad, (() => void)[]>();
  /** Accounts of which events have begun in this turn of the loop. */
  readonly #begun: AccountLoad[] = [];
  #last: AccountLoad | undefined;
  #contendedMs = -Infinity;
  #isArmed = false;

  /** Undefined if the event may begin at once, else a promise of its turn. */
  pass(load: AccountLoad): Promise<void> | undefined {
    if (load !== this.#last) {
      if (this.#last !== undefined) this.#contendedMs = performance.now();
      this.#last = load;
    }
    this.#arm();
    const waiting = this.#waiting.get(load);
    if (waiting === undefined && (load.begunInTurn < EVENTS_PER_TURN || !this.#isContended)) {
      this.#begin(load, 1);
      return undefined;
    }
    return new Promise((resolve) => {
      if (waiting === undefined) this.#waiting.set(load, [resolve]);
      else waiting.push(resolve);
    });
  }

  get #isContended(): boolean {
    return performance.now() - this.#contendedMs < ALONE_MS;
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isArmed = false;
    for (const load of this.#begun) load.begunInTurn = 0;
    this.#begun.length = 0;
    for (const [load, waiting] of this.#waiting) {
      const next = waiting.splice(0, EVENTS_PER_TURN);
      this.#begin(load, next.length);
      if (waiting.length === 0) this.#waiting.delete(load);
      for (const resolve of next) resolve();
    }
    if (this.#begun.length > 0) this.#arm();
  }

  #begin(load: AccountLoad, events: number): void {
    if (load.begunInTurn === 0) this.#begun.push(load);
    load.begunInTurn += events;
  }
}
