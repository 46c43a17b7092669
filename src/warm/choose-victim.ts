import type { AccountShares } from "./account-shares.ts";
import type { WarmIsolate } from "./warm-isolate.ts";

/** How many of the least recently used isolates are looked at before those of the accounts in question are compared. */
const FIRST_LOOKS = 64;

/**
 * The isolate that goes so that another one may start: the least recently used idle one, first of the account that wants
 * the place if it has its share of them, then of any account that has more than its share.
 *
 * It is called for each start of a host that is full, so it does not go over all isolates where it can help it: an account
 * with many has one among the least recently used, and one with few is soon looked through.
 *
 * @param isolates all, the least recently used first
 * @param accounts the same isolates by account
 */
export function chooseVictim(
  isolates: Iterable<WarmIsolate>,
  accounts: AccountShares,
  account: string,
): WarmIsolate | null {
  const share = accounts.fairShare(account);
  const own = accounts.of(account);
  const ownFirst = own.size >= share;
  let first: WarmIsolate | null = null;
  let greedy: WarmIsolate | null = null;
  let looks = 0;
  for (const isolate of isolates) {
    if (isIdle(isolate)) {
      first ??= isolate;
      if (ownFirst && isolate.version.account === account) return isolate;
      if (greedy === null && accounts.of(isolate.version.account).size > share) greedy = isolate;
      if (greedy !== null && !ownFirst) return greedy;
    }
    // Without any idle one there is nothing to compare yet.
    if (++looks >= FIRST_LOOKS && first !== null) break;
  }
  const oldestOwn = ownFirst ? oldest([own]) : null;
  return oldestOwn ?? greedy ?? oldest(accounts.above(share)) ?? first;
}

/** The least recently used idle one of some accounts. */
function oldest(accounts: Iterable<ReadonlySet<WarmIsolate>>): WarmIsolate | null {
  let found: WarmIsolate | null = null;
  for (const members of accounts)
    for (const isolate of members)
      if ((found === null || isolate.lastUsedMs < found.lastUsedMs) && isIdle(isolate)) found = isolate;
  return found;
}

function isIdle(isolate: WarmIsolate): boolean {
  return !isolate.isPinned && isolate.state === "warm";
}
