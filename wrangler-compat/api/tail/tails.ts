import { randomBytes } from "node:crypto";
import { type Control, traceItem } from "../../../src/index.ts";
import { ApiError, Code } from "../api-error.ts";
import type { TailFilter } from "./tail-filter.ts";

/** What a WebSocket that is opened for a tail has to speak. */
export const TAIL_PROTOCOL = "trace-v1";
const LIFE_MS = 6 * 60 * 60 * 1_000;
/** Time in which a tail that was made has to be opened. */
const OPENING_MS = 60_000;
const MOST_PER_WORKER = 10;

interface Tail {
  readonly account: string;
  readonly worker: string;
  readonly filter: TailFilter;
  readonly expiresAtMs: number;
  stop: (() => void) | undefined;
  timer: NodeJS.Timeout;
}

/** Tails that were made, by ids that nobody can guess. */
export class Tails {
  readonly #control: Control;
  readonly #tails = new Map<string, Tail>();

  constructor(control: Control) {
    this.#control = control;
  }

  /** @throws ApiError 429 where the worker has as many as it may */
  make(
    account: string,
    worker: string,
    filter: TailFilter,
  ): { readonly id: string; readonly expiresAtMs: number } {
    let count = 0;
    for (const tail of this.#tails.values()) if (tail.account === account && tail.worker === worker) count++;
    if (count >= MOST_PER_WORKER)
      throw new ApiError(429, Code.rateLimited, `A worker may have ${MOST_PER_WORKER} tails at once`);
    const id = randomBytes(24).toString("base64url");
    const expiresAtMs = Date.now() + LIFE_MS;
    const timer = this.#endLater(id, OPENING_MS);
    this.#tails.set(id, { account, worker, filter, expiresAtMs, stop: undefined, timer });
    return { id, expiresAtMs };
  }

  /**
   * Begins to send what a tail asks for.
   * @param send takes one message of the protocol
   * @returns Whether there is such a tail that nobody has opened yet
   */
  open(id: string, send: (message: string) => void): boolean {
    const tail = this.#tails.get(id);
    if (tail === undefined || tail.stop !== undefined) return false;
    clearTimeout(tail.timer);
    tail.timer = this.#endLater(id, LIFE_MS);
    tail.stop = this.#control.tail(
      tail.worker,
      (item) => {
        if (tail.filter(item)) send(JSON.stringify(traceItem(item)));
      },
      tail.account,
    );
    return true;
  }

  /** Ends a tail. @returns Whether it was there, and the account's */
  end(id: string, account?: string): boolean {
    const tail = this.#tails.get(id);
    if (tail === undefined || (account !== undefined && tail.account !== account)) return false;
    clearTimeout(tail.timer);
    tail.stop?.();
    return this.#tails.delete(id);
  }

  #endLater(id: string, ms: number): NodeJS.Timeout {
    return setTimeout(() => this.end(id), ms).unref();
  }
}
