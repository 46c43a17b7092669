import type { Clock } from "../clock/clock.ts";
import type { WorkerUpload } from "../host-options.ts";
import { newVersionId } from "../ids/version-id.ts";
import type { LimitPolicy } from "../limits/limit-policy.ts";
import { resolveLimits } from "../limits/resolve.ts";
import type { ControlStore } from "../storage/control-store.ts";
import { packVersion } from "../versions/pack.ts";
import { UploadRefused } from "../versions/upload-refused.ts";
import type { Transformer } from "../versions/transformer/transformer.ts";
import type { Version } from "../versions/version.ts";
import { LoadRefused } from "../warm/load-refused.ts";
import type { WarmPool } from "../warm/warm-pool.ts";
import type { Catalog } from "./catalog.ts";
import { checkUpload } from "./check-upload.ts";
import { versionConfig } from "./version-config.ts";
import type { VersionMaker } from "./version-maker.ts";

/** The account of uploads that name none. */
export const DEFAULT_ACCOUNT = "default";

export interface DeployerParts {
  readonly control: ControlStore;
  readonly transformer: Transformer;
  readonly maker: VersionMaker;
  readonly pool: WarmPool;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly policy: (account: string) => LimitPolicy;
}

/** Turns uploads into active versions: checked, transformed, started once, stored, then switched to. */
export class Deployer {
  readonly #parts: DeployerParts;
  /** Deploys of one worker follow each other, so that the last one asked for is the one that stays. */
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(parts: DeployerParts) {
    this.#parts = parts;
  }

  /**
   * @throws InvalidUpload, InvalidLimits, UploadRefused, RouteTaken. Nothing has changed then.
   */
  async deploy(upload: WorkerUpload): Promise<Version> {
    checkUpload(upload);
    const account = upload.account ?? DEFAULT_ACCOUNT;
    return await this.#inOrder(`${account}\n${upload.name}`, () => this.#deploy(account, upload));
  }

  /** Removes a worker. @returns Whether it was there. */
  async delete(account: string, worker: string): Promise<boolean> {
    return await this.#inOrder(`${account}\n${worker}`, async () => {
      const { control, catalog, pool } = this.#parts;
      const there = control.deleteWorker(account, worker);
      const version = catalog.remove(account, worker);
      if (version !== undefined) pool.retire(version.id);
      return there;
    });
  }

  /** Makes the workers active that the store knows. */
  restore(): void {
    const { control, catalog, maker } = this.#parts;
    for (const { account, worker, versions, routes } of control.activeWorkers()) {
      const [share] = versions;
      if (share === undefined) continue;
      const version = maker.restore({
        account,
        worker,
        id: share.versionId,
        config: JSON.parse(share.configJson),
      });
      catalog.activate({ version, routes });
    }
  }

  async #deploy(account: string, upload: WorkerUpload): Promise<Version> {
    const { control, transformer, maker, pool, catalog, clock, policy } = this.#parts;
    const { layers, ceilings } = policy(account);
    const limits = resolveLimits([...layers, upload.limits ?? {}], ceilings);
    const transformed = await transformer.transform(upload, limits);
    const config = versionConfig(upload, transformed.main);
    const id = newVersionId();
    const version = maker.fresh({ account, worker: upload.name, id, config }, transformed);
    await this.#tryStart(version, upload.main);
    const routes = upload.routes ?? catalog.get(account, upload.name)?.routes ?? [];
    try {
      control.publish({
        account,
        worker: upload.name,
        versionId: id,
        packed: packVersion(transformed),
        configJson: JSON.stringify(config),
        routes,
        createdAtMs: clock.now(),
      });
    } catch (error) {
      pool.retire(id);
      throw error;
    }
    maker.published(version);
    const before = catalog.activate({ version, routes });
    if (before !== undefined) pool.retire(before.id);
    return version;
  }

  /** Starts the version once, and leaves the isolate warm: the first request is likely to come soon. */
  async #tryStart(version: Version, main: string): Promise<void> {
    const { pool } = this.#parts;
    try {
      const { isolate } = await pool.acquire(version);
      pool.release(isolate);
    } catch (error) {
      if (error instanceof LoadRefused) throw refused(error, main);
      throw error;
    }
  }

  #inOrder<T>(key: string, job: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(key) ?? Promise.resolve();
    const run = before.then(job, job);
    this.#queues.set(key, run);
    const clean = (): void => {
      if (this.#queues.get(key) === run) this.#queues.delete(key);
    };
    run.then(clean, clean);
    return run;
  }
}

/** The same refusal as for code that does not parse, with the place where the top level failed. */
function refused({ reason, error }: LoadRefused, main: string): UploadRefused {
  const place = /(?:\(|at |\n\s*)([^\s()]+):(\d+):(\d+)/.exec(error.stack);
  const [, file = main, line, column] = place ?? [];
  const text = {
    exception: error.name === "" ? `it threw ${error.message}` : `${error.name}: ${error.message}`,
    hung: `the top-level await never settles: ${error.message}`,
    exceededCpu: `the top level used more CPU than it may: ${error.message}`,
    exceededMemory: `the top level used more memory than it may: ${error.message}`,
    isolateLost: `the isolate was lost while the top level ran: ${error.message}`,
  }[reason];
  return new UploadRefused([
    {
      file,
      line: line === undefined ? null : Number(line),
      column: column === undefined ? null : Number(column),
      reason: text,
    },
  ]);
}
