import type { WarmIsolate } from "./warm-isolate.ts";

/**
 * The isolate that goes so that another one may start: the least recently used idle one, first of the account that wants
 * the place if it has its share of them, then of any account that has more than its share.
 *
 * @param isolates all, the least recently used first
 */
export function chooseVictim(isolates: Iterable<WarmIsolate>, account: string): WarmIsolate | null {
  const counts = new Map<string, number>([[account, 0]]);
  let all = 0;
  const idle: WarmIsolate[] = [];
  for (const isolate of isolates) {
    all++;
    counts.set(isolate.version.account, (counts.get(isolate.version.account) ?? 0) + 1);
    if (!isolate.isPinned && isolate.state === "warm") idle.push(isolate);
  }
  const share = all / counts.size;
  const own = counts.get(account)! >= share ? idle.find(({ version }) => version.account === account) : null;
  return own ?? idle.find(({ version }) => counts.get(version.account)! > share) ?? idle[0] ?? null;
}
