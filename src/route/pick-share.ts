import { hashText } from "../ids/hash-text.ts";

/** A part of a worker's traffic. */
export interface Share {
  /** Above 0; the shares of a worker add up to 100. */
  readonly percent: number;
}

/**
 * Chooses one of some shares.
 *
 * With a key it is weighted rendezvous hashing: each share draws a lot for the key, and the best lot wins. So a change
 * of the shares moves no more keys than it has to: those of a share that shrinks or goes, to those that grow or come.
 *
 * @param shares At least one, in an order that stays the same while they do.
 * @param idOf Names a share among the others, and gives the same while percentages change.
 * @param key Requests with the same key get the same share for as long as the shares stay; null: any.
 * @example
 * pickShare([{ percent: 90, id: "old" }, { percent: 10, id: "new" }], ({ id }) => id, "customer 7");
 */
export function pickShare<T extends Share>(
  shares: readonly T[],
  idOf: (share: T) => string,
  key: string | null,
): T {
  const last = shares.at(-1)!;
  if (shares.length === 1) return last;
  return key === null ? atRandom(shares, last) : byLot(shares, idOf, last, key);
}

function atRandom<T extends Share>(shares: readonly T[], last: T): T {
  let left = Math.random() * 100;
  for (const share of shares) {
    left -= share.percent;
    if (left < 0) return share;
  }
  return last;
}

function byLot<T extends Share>(shares: readonly T[], idOf: (share: T) => string, last: T, key: string): T {
  let best = Infinity;
  let winner = last;
  for (const share of shares) {
    // Exponentially distributed with the share as its rate: the smallest of them is the share's as often as its part says.
    const lot = -Math.log(fractionOf(`${idOf(share)}\n${key}`)) / share.percent;
    if (lot < best) {
      best = lot;
      winner = share;
    }
  }
  return winner;
}

/** A number above 0 and up to 1 that a text always gives, and that similar texts give far apart. */
function fractionOf(text: string): number {
  let hash = hashText(text);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 1) / 2 ** 32;
}
