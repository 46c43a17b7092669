import { hashText } from "../ids/hash-text.ts";

/** A part of a worker's traffic. */
export interface Share {
  /** Above 0; the shares of a worker add up to 100. */
  readonly percent: number;
}

/**
 * Chooses one of some shares.
 *
 * @param shares At least one, in an order that stays the same while they do.
 * @param key Requests with the same key get the same share for as long as the shares stay; null: any.
 * @example
 * pickShare([{ percent: 90, id: "old" }, { percent: 10, id: "new" }], "customer 7");
 */
export function pickShare<T extends Share>(shares: readonly T[], key: string | null): T {
  const last = shares.at(-1)!;
  if (shares.length === 1) return last;
  let left = (key === null ? Math.random() : fractionOf(key)) * 100;
  for (const share of shares) {
    left -= share.percent;
    if (left < 0) return share;
  }
  return last;
}

/** A number from 0 to 1 that a text always gives, and that similar texts give far apart. */
function fractionOf(text: string): number {
  let hash = hashText(text);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
