import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ActiveWorker } from "../../src/control/catalog.ts";
import type { RollbackSetting } from "../../src/control/rollback-options.ts";
import { type RollbackReport, RollbackWatch } from "../../src/control/rollback-watch.ts";
import type { EventRecord } from "../../src/meter/event-record.ts";
import type { Outcome } from "../../src/outcome/outcome.ts";
import type { DeploymentRecord } from "../../src/storage/control-store.ts";
import type { Version } from "../../src/versions/version.ts";

const ON = { errorRate: 0.5, margin: 0.2, windowMs: 60_000, minRequests: 10 };

/** A watch over workers that exist on paper only. */
class Rig {
  readonly reports: RollbackReport[] = [];
  nowMs = 1_000;
  fails = false;
  /** Other shares that are under way, which a revert has to wait for. */
  earlier: Promise<unknown> | null = null;
  reverts = 0;
  readonly #active = new Map<string, ActiveWorker>();
  readonly #deployments: (DeploymentRecord & { worker: string })[] = [];
  readonly watch: RollbackWatch;

  constructor(setting: RollbackSetting | undefined, versions: Record<string, RollbackSetting> = {}) {
    this.watch = new RollbackWatch({
      clock: { now: () => this.nowMs, monotonicMs: () => this.nowMs },
      store: {
        listDeployments: (_account, worker) => this.#deployments.filter((one) => one.worker === worker),
      },
      settings: ({ id }) => [setting, Object.hasOwn(versions, id) ? versions[id] : undefined],
      revert: async (_account, worker, deploymentId, shares) => {
        this.reverts++;
        if (this.earlier !== null) await this.earlier;
        if (this.fails) throw new Error("it does not start");
        if (this.#deployments.find((one) => one.worker === worker)?.id !== deploymentId) return false;
        this.deploy(Object.fromEntries(shares.map(({ versionId, percent }) => [versionId, percent])), worker);
        return true;
      },
      report: (report) => this.reports.push(report),
    });
  }

  deploy(shares: Readonly<Record<string, number>>, worker = "w"): void {
    const entries = Object.entries(shares);
    const id = this.#deployments.length + 1;
    const versions = entries.map(([versionId, percent]) => ({ versionId, percent }));
    this.#deployments.unshift({ id, createdAtMs: 0, versions, note: {}, worker });
    const traffic = entries.map(([id, percent]) => ({ version: { id } as Version, percent }));
    const active = { account: "a", worker, traffic, routes: [] };
    const before = this.#active.get(worker);
    this.#active.set(worker, active);
    this.watch.deployed(active, before);
  }

  async events(
    versionId: string,
    outcomes: Partial<Record<Outcome, number>>,
    worker = "w",
    more: Partial<EventRecord> = {},
  ): Promise<void> {
    for (const [outcome, count] of Object.entries(outcomes))
      for (let n = 0; n < count; n++)
        this.watch.event({ account: "a", worker, versionId, outcome, ...more } as EventRecord);
    await new Promise((resolve) => setImmediate(resolve));
  }

  get current(): readonly string[] {
    return this.#active.get("w")!.traffic.map(({ version, percent }) => `${version.id} ${percent}`);
  }
}

test("a version whose events fail goes back to what was before, once, with figures", async () => {
  const rig = new Rig(ON);
  rig.deploy({ old: 100 });
  await rig.events("old", { ok: 95, exception: 5 });
  rig.deploy({ new: 100 });
  await rig.events("new", { ok: 4, exception: 5 });
  assert.equal(rig.reports, [], "ten are needed");
  await rig.events("new", { exceededCpu: 1 });
  assert.equal(rig.current, ["old 100"]);
  const [report] = rig.reports;
  assert.equal([report!.versionId, report!.requests, report!.failures, report!.error], ["new", 10, 6, null]);
  assert.is(report!.earlierErrorRate, 0.05);
  assert.is(
    report!.message,
    "Version new was taken back: 6 of its 10 events failed (60 %, 5 % of the versions before)",
  );
  // Whoever brings it back means it, and what took traffic before is no new version.
  rig.deploy({ new: 100 });
  await rig.events("new", { exception: 50 });
  await rig.events("old", { exception: 50 });
  assert.equal([rig.current, rig.reports.length], [["new 100"], 1]);
});

test("what clients, the host and others do to a version does not count", async () => {
  const rig = new Rig(ON);
  rig.deploy({ old: 100 });
  rig.deploy({ new: 100 });
  const none = { canceled: 99, overloaded: 99, isolateLost: 99, internalError: 99, quarantined: 99 };
  await rig.events("new", { ...none, exceededAccountCpu: 99, scriptNotFound: 99, ok: 6, exception: 4 });
  await rig.events("other", { exception: 99 });
  await rig.events("new", { exception: 99 }, "someone-else");
  assert.equal([rig.current, rig.reports], [["new 100"], []]);
});

test("a version that is no worse than those before it stays, and so does one past its first minutes", async () => {
  const rig = new Rig(ON);
  rig.deploy({ old: 100 });
  await rig.events("old", { exception: 45, ok: 55 });
  rig.deploy({ new: 100 });
  await rig.events("new", { ok: 40, exception: 60 });
  assert.equal([rig.current, rig.reports.length], [["new 100"], 0]);
  rig.deploy({ newer: 100 });
  rig.nowMs += 60_001;
  await rig.events("newer", { exception: 60 });
  assert.equal([rig.current, rig.reports.length], [["newer 100"], 0]);
});

test("a gradual deployment goes back to the one before the version came, through all its steps", async () => {
  const rig = new Rig(ON);
  rig.deploy({ one: 60, two: 40 });
  rig.deploy({ two: 90, new: 10 });
  await rig.events("new", { ok: 5, exception: 4 });
  await rig.events("two", { ok: 200 });
  rig.deploy({ new: 50, two: 50 });
  await rig.events("new", { exception: 1 });
  assert.equal([rig.current, rig.reports[0]?.requests], [["one 60", "two 40"], 10]);
});

test("host, account and upload say whether it is on; off is the default", async () => {
  for (const [setting, own, expected] of [
    [undefined, undefined, 0],
    [undefined, ON, 1],
    [ON, false, 0],
    [{}, { minRequests: 10 }, 1],
    [{ minRequests: 1_000 }, undefined, 0],
  ] as const) {
    const rig = new Rig(setting, own === undefined ? {} : { new: own });
    rig.deploy({ old: 100 });
    rig.deploy({ new: 100 });
    await rig.events("new", { exception: 50 });
    assert.is(rig.reports.length, expected, JSON.stringify([setting, own]));
  }
});

test("a rollback that comes too late does nothing; one whose versions do not start is told", async () => {
  const rig = new Rig(ON);
  rig.deploy({ old: 100 });
  rig.deploy({ new: 100 });
  void rig.events("new", { exception: 9 });
  const late = rig.events("new", { exception: 1 });
  rig.deploy({ newer: 100 });
  await late;
  rig.fails = true;
  await rig.events("newer", { exception: 20 });
  assert.is(rig.current[0], "newer 100");
  assert.is(rig.reports.at(-1)?.error, "it does not start");
  assert.match(rig.reports.at(-1)!.message, /could not be taken back.*: it does not start$/);
});

test("a rollback that another share came before is asked for again by the next failure, and once at a time", async () => {
  const rig = new Rig(ON);
  rig.deploy({ old: 100 });
  rig.deploy({ new: 50, old: 50 });
  const { promise, resolve } = Promise.withResolvers<void>();
  rig.earlier = promise;
  await rig.events("new", { exception: 20 });
  assert.is(rig.reverts, 1);
  rig.deploy({ new: 100 });
  resolve();
  await rig.events("new", { ok: 1 });
  assert.equal([rig.current, rig.reverts, rig.reports], [["new 100"], 1, []]);
  await rig.events("new", { exception: 1 });
  assert.equal([rig.current, rig.reverts, rig.reports.length], [["old 100"], 2, 1]);
  assert.equal([rig.reports[0]!.requests, rig.reports[0]!.failures], [22, 21]);
});

test("a version that cannot be taken back is told of once", async () => {
  const rig = new Rig(ON);
  rig.deploy({ old: 100 });
  rig.deploy({ new: 100 });
  rig.fails = true;
  for (let i = 0; i < 3; i++) await rig.events("new", { exception: 20 });
  assert.equal([rig.reverts, rig.reports.length], [1, 1]);
});

test("what is answered from assets does not hide that a version fails", async () => {
  const rig = new Rig(ON);
  rig.deploy({ old: 100 });
  rig.deploy({ new: 100 });
  await rig.events("new", { ok: 500 }, "w", { isAsset: true });
  await rig.events("new", { exception: 10 });
  assert.equal([rig.current, rig.reports[0]?.requests], [["old 100"], 10]);
});

test("a worker that is gone is not followed any more", async () => {
  const rig = new Rig(ON);
  rig.deploy({ old: 100 });
  rig.deploy({ new: 100 });
  rig.watch.forget("a", "w");
  await rig.events("new", { exception: 99 });
  assert.equal(rig.reports, []);
});

test.run();
