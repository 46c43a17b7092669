import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { egressSettings } from "../../src/egress/egress-options.ts";
import { FetchGates, type Places } from "../../src/egress/fetch-gates.ts";

test("FetchGates lets an account begin a few fetches in a turn of the loop, and another one in between", async () => {
  const gates = new FetchGates(egressSettings({}));
  const { signal } = new AbortController();
  const begun: string[] = [];
  const begin = async (account: string): Promise<void> => {
    const places = await gates.enter(account, {}, signal);
    begun.push(account);
    places.ended();
  };
  const all = Array.from({ length: 40 }, () => begin("many"));
  all.push(begin("few"));
  await nextTurn();
  assert.ok(begun.length > 0 && begun.length < 20, `${begun.length} in the first turns`);
  await Promise.all(all);
  assert.is(begun.length, 41);
  const before = begun.indexOf("few");
  assert.ok(before < 20, `one that came last began after ${before}`);
});

test("FetchGates gives a fetch that is given up while it waits for its turn no place", async () => {
  const gates = new FetchGates(egressSettings({ fetchesPerAccount: 40 }));
  const abort = new AbortController();
  const begin = async (signal: AbortSignal): Promise<string> => {
    try {
      (await gates.enter("one", {}, signal)).ended();
      return "begun";
    } catch {
      return "given up";
    }
  };
  const { signal } = new AbortController();
  const first = Array.from({ length: 30 }, () => begin(signal));
  const last = begin(abort.signal);
  abort.abort();
  assert.is(await last, "given up");
  for (const ended of await Promise.all(first)) assert.is(ended, "begun");
  // All places are free again.
  assert.equal(
    new Set(await Promise.all(Array.from({ length: 40 }, () => begin(signal)))),
    new Set(["begun"]),
  );
});

test("FetchGates keeps nothing of an account whose last fetch is given up on its way in", async () => {
  const gates = new FetchGates(egressSettings({}));
  const abort = new AbortController();
  // As when an event begins a fetch and ends in the same turn.
  const leaves = gates.enter("one", {}, abort.signal).catch(() => "given up");
  abort.abort();
  assert.is(await leaves, "given up");
  assert.is(gates.accounts, 0);
  const { signal } = new AbortController();
  const places = await gates.enter("one", {}, signal);
  assert.is(gates.accounts, 1);
  places.ended();
  assert.is(gates.accounts, 0);
});

class Rig {
  readonly gates: FetchGates;
  readonly open: Places[] = [];

  constructor(fetchesPerAccount: number, fetchesInAll: number) {
    this.gates = new FetchGates({ ...egressSettings({}), fetchesPerAccount, fetchesInAll });
  }

  /** How many of so many fetches of an account get a place. */
  async enter(account: string, count: number): Promise<number> {
    const before = this.open.length;
    const { signal } = new AbortController();
    for (let i = 0; i < count; i++)
      this.gates.enter(account, undefined, signal).then(
        (places) => this.open.push(places),
        () => {},
      );
    for (let i = 0; i < 100; i++) await nextTurn();
    return this.open.length - before;
  }
}

test("FetchGates gives an account so many fetches, and lets the next in when one is over", async () => {
  const rig = new Rig(10, 1_000);
  assert.is(await rig.enter("one", 50), 10);
  assert.is(await rig.enter("other", 5), 5);
  rig.open[0]!.answered();
  assert.is(await rig.enter("one", 0), 0);
  rig.open[0]!.ended();
  assert.is(await rig.enter("one", 0), 1);
});

test("FetchGates gives no account more than half of what nobody has, in a burst too", async () => {
  const rig = new Rig(100, 16);
  assert.is(await rig.enter("one", 50), 8);
  assert.is(await rig.enter("two", 50), 4);
  assert.is(await rig.enter("three", 50), 2);
  assert.ok((await rig.enter("four", 50)) >= 1, "some are left for who comes later");
});

test.run();
