import { test } from "uvu";
import * as assert from "uvu/assert";
import { AccountShares } from "../../src/warm/account-shares.ts";
import { chooseVictim } from "../../src/warm/choose-victim.ts";
import type { WarmIsolate } from "../../src/warm/warm-isolate.ts";
import { Random } from "../cell/random.ts";

function isolate(account: string, isPinned = false, state: WarmIsolate["state"] = "warm"): WarmIsolate {
  return { version: { account }, isPinned, state, lastUsedMs: 0 } as unknown as WarmIsolate;
}

function victim(isolates: readonly WarmIsolate[], account: string): WarmIsolate | null {
  const shares = new AccountShares();
  for (const [at, one] of isolates.entries()) {
    one.lastUsedMs = at;
    shares.add(one);
  }
  return chooseVictim(isolates, shares, account);
}

function many(count: number, make: (at: number) => WarmIsolate): WarmIsolate[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

test("chooseVictim takes of an account that has its share what it wants to start itself", () => {
  const calm = isolate("calm");
  const storm = [isolate("storm", true), isolate("storm"), isolate("storm")];
  assert.is(victim([calm, ...storm], "storm"), storm[1]);
  assert.is(victim([calm, ...storm], "new"), storm[1]);
  assert.is(victim([calm, isolate("other")], "new"), calm);
  assert.is(victim([isolate("calm", true)], "new"), null);
  assert.is(victim([isolate("calm", false, "draining")], "new"), null);
});

test("chooseVictim finds those of an account behind hundreds that were not used for longer", () => {
  const single = many(300, (at) => isolate(`single-${at}`));
  const own = isolate("own");
  assert.is(victim([...single, own], "own"), own, "its own");
  const greedy = [isolate("greedy", true), isolate("greedy"), isolate("greedy")];
  assert.is(victim([...single, ...greedy], "new"), greedy[1], "one of whoever has more than a share");
  const pinned = single.map((_, at) => isolate(`pinned-${at}`, true));
  const last = isolate("last");
  assert.is(victim([...pinned, last], "new"), last, "the only idle one");
});

test("chooseVictim takes the same as whoever counts all isolates and goes over them", () => {
  const random = new Random(7);
  for (let round = 0; round < 300; round++) {
    const accounts = 1 + random.int(200);
    // The square prefers low numbers, so that some accounts have many.
    const all = many(random.int(400), () =>
      isolate(`account-${Math.floor(random.int(accounts) ** 2 / accounts)}`, random.int(3) === 0),
    );
    const account = `account-${random.int(accounts + 1)}`;
    assert.is(victim(all, account), byCounting(all, account), `round ${round}`);
  }
});

function byCounting(isolates: readonly WarmIsolate[], account: string): WarmIsolate | null {
  const counts = new Map<string, number>([[account, 0]]);
  for (const { version } of isolates) counts.set(version.account, (counts.get(version.account) ?? 0) + 1);
  const share = isolates.length / counts.size;
  const idle = isolates.filter(({ isPinned }) => !isPinned);
  const own = counts.get(account)! >= share ? idle.find(({ version }) => version.account === account) : null;
  return own ?? idle.find(({ version }) => counts.get(version.account)! > share) ?? idle[0] ?? null;
}

test.run();
