import type { Clock } from "../clock/clock.ts";
import { workerKey } from "../ids/worker-key.ts";
import type { EventRecord } from "../meter/event-record.ts";
import type { ControlNote, ControlStore, VersionShare } from "../storage/control-store.ts";
import type { Version } from "../versions/version.ts";
import type { ActiveWorker } from "./catalog.ts";
import { FailureRate, type Failures } from "./failure-rate.ts";
import { resolveRollback, type RollbackOptions, type RollbackSetting } from "./rollback-options.ts";

/** A deployment that was taken back, or should have been. */
export interface RollbackReport {
  readonly account: string;
  readonly worker: string;
  /** The version that failed, and the deployment that was in force. */
  readonly versionId: string;
  readonly deploymentId: number;
  /** What takes the traffic again. */
  readonly backTo: readonly VersionShare[];
  /** Events of the version, and how many failed. */
  readonly requests: number;
  readonly failures: number;
  /** Part of the events that failed of the versions before it, within the last minutes; null if there were none. */
  readonly earlierErrorRate: number | null;
  /** Why the earlier versions could not take the traffic back; null if they did. */
  readonly error: string | null;
  /** All of it in a line; the new deployment's `message` as well. */
  readonly message: string;
}

export interface RollbackParts {
  readonly clock: Clock;
  readonly store: Pick<ControlStore, "listDeployments">;
  /** What the host, the account and the upload of a version say, in this order. */
  readonly settings: (version: Version) => readonly (RollbackSetting | undefined)[];
  /** Gives the traffic back if the deployment is still in force. @returns whether it was */
  readonly revert: (
    account: string,
    worker: string,
    deploymentId: number,
    shares: readonly VersionShare[],
    note: ControlNote,
  ) => Promise<boolean>;
  readonly report: (report: RollbackReport) => void;
}

/** A version in its first minutes. */
interface Watch {
  readonly versionId: string;
  readonly backTo: readonly VersionShare[];
  readonly options: RollbackOptions;
  readonly untilMs: number;
  deploymentId: number;
  requests: number;
  failures: number;
  /** The traffic is being given back; nobody asks for it again meanwhile. */
  isReverting: boolean;
}

/** A worker whose option is on. */
interface Followed {
  readonly windowMs: number;
  readonly rates: Map<string, FailureRate>;
  readonly watches: Map<string, Watch>;
}

/** Watches new versions in their first minutes, and gives the traffic back where too much of theirs fails. */
export class RollbackWatch {
  readonly #parts: RollbackParts;
  readonly #workers = new Map<string, Followed>();

  constructor(parts: RollbackParts) {
    this.#parts = parts;
  }

  /**
   * A worker's traffic has changed, or is known after a start of the host.
   * @param before What took it; undefined where nothing did, or nobody knows.
   */
  deployed({ account, worker, traffic }: ActiveWorker, before?: ActiveWorker): void {
    const key = workerKey(account, worker);
    const known = this.#workers.get(key);
    const rates = new Map<string, FailureRate>();
    const watches = new Map<string, Watch>();
    const backTo = sharesOf(before);
    let windowMs = known?.windowMs ?? 0;
    const [current, ...earlier] =
      before === undefined ? [] : this.#parts.store.listDeployments(account, worker);
    for (const { version } of traffic) {
      const options = resolveRollback(this.#parts.settings(version));
      if (options === null) continue;
      windowMs = Math.max(windowMs, options.windowMs);
      rates.set(version.id, known?.rates.get(version.id) ?? new FailureRate());
      const watch = known?.watches.get(version.id);
      const wasThere = earlier.some(({ versions }) =>
        versions.some(({ versionId }) => versionId === version.id),
      );
      if (current === undefined) continue;
      if (watch !== undefined) watches.set(version.id, Object.assign(watch, { deploymentId: current.id }));
      else if (!wasThere && backTo.length > 0)
        watches.set(version.id, this.#watch(version.id, backTo, options, current.id));
    }
    if (rates.size === 0) return void this.#workers.delete(key);
    // What failed of the versions before is what the new ones are measured by.
    for (const { backTo: shares } of watches.values())
      for (const { versionId } of shares)
        rates.set(versionId, known?.rates.get(versionId) ?? new FailureRate());
    this.#workers.set(key, { windowMs, rates, watches });
  }

  /** The worker is gone. */
  forget(account: string, worker: string): void {
    this.#workers.delete(workerKey(account, worker));
  }

  /** An event is over. */
  event({ account, worker, versionId, outcome, isAsset }: EventRecord): void {
    // Assets say nothing of the version's code, and would hide that it fails.
    if (this.#workers.size === 0 || isAsset === true) return;
    const followed = this.#workers.get(workerKey(account, worker));
    const rate = followed?.rates.get(versionId);
    if (followed === undefined || rate === undefined) return;
    const nowMs = this.#parts.clock.monotonicMs();
    const ok = rate.add(outcome, nowMs, followed.windowMs);
    const watch = followed.watches.get(versionId);
    if (!ok || watch === undefined) return;
    if (nowMs > watch.untilMs) return void followed.watches.delete(versionId);
    watch.requests++;
    if (outcome === "ok") return;
    watch.failures++;
    if (watch.isReverting) return;
    const earlier = earlierOf(followed, watch, nowMs);
    if (!isTooMuch(watch, earlier)) return;
    watch.isReverting = true;
    void this.#revert(account, worker, watch, earlier);
  }

  #watch(
    versionId: string,
    backTo: readonly VersionShare[],
    options: RollbackOptions,
    deploymentId: number,
  ): Watch {
    const untilMs = this.#parts.clock.monotonicMs() + options.windowMs;
    return {
      versionId,
      backTo,
      options,
      untilMs,
      deploymentId,
      requests: 0,
      failures: 0,
      isReverting: false,
    };
  }

  /** A version is taken back once. */
  #unwatch(account: string, worker: string, watch: Watch): void {
    const watches = this.#workers.get(workerKey(account, worker))?.watches;
    if (watches?.get(watch.versionId) === watch) watches.delete(watch.versionId);
  }

  async #revert(account: string, worker: string, watch: Watch, earlier: Failures): Promise<void> {
    const { versionId, deploymentId, backTo, requests, failures } = watch;
    const earlierErrorRate = earlier.requests === 0 ? null : earlier.failures / earlier.requests;
    const before = earlierErrorRate === null ? "" : `, ${percent(earlierErrorRate)} of the versions before`;
    const message = `Version ${versionId} was taken back: ${failures} of its ${requests} events failed (${percent(failures / requests)}${before})`;
    const report = {
      account,
      worker,
      versionId,
      deploymentId,
      backTo,
      requests,
      failures,
      earlierErrorRate,
      message,
    };
    try {
      const note = { author: "skerry", message };
      if (!(await this.#parts.revert(account, worker, deploymentId, backTo, note))) {
        // Another deployment came before it: if the version still has traffic, its next failure asks again.
        watch.isReverting = false;
        return;
      }
      this.#unwatch(account, worker, watch);
      this.#parts.report({ ...report, error: null });
    } catch (error) {
      this.#unwatch(account, worker, watch);
      const why = error instanceof Error ? error.message : String(error);
      this.#parts.report({
        ...report,
        error: why,
        message: `${message.replace("was taken", "could not be taken")}: ${why}`,
      });
    }
  }
}

function sharesOf(active: ActiveWorker | undefined): VersionShare[] {
  return (
    active?.traffic.map(({ version, percent: share }) => ({ versionId: version.id, percent: share })) ?? []
  );
}

function earlierOf({ rates, windowMs }: Followed, { backTo }: Watch, nowMs: number): Failures {
  const sum = { requests: 0, failures: 0 };
  for (const { versionId } of backTo) {
    const { requests = 0, failures = 0 } = rates.get(versionId)?.recent(nowMs, windowMs) ?? {};
    sum.requests += requests;
    sum.failures += failures;
  }
  return sum;
}

function isTooMuch({ requests, failures, options }: Watch, earlier: Failures): boolean {
  if (requests < options.minRequests) return false;
  const rate = failures / requests;
  const earlierRate = earlier.requests === 0 ? 0 : earlier.failures / earlier.requests;
  // Where all failed before, more cannot.
  return rate >= options.errorRate && rate >= earlierRate + options.margin;
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}
