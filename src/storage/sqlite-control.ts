import type Database from "better-sqlite3";
import { ControlConflict, noSuchWorker } from "./control-conflict.ts";
import { migrateControl } from "./control-schema.ts";
import type {
  AccountRecord,
  ActiveWorker,
  ControlNote,
  ControlStore,
  DeploymentRecord,
  NamespaceRecord,
  PublishRequest,
  VersionRecord,
  VersionShare,
  VersionSummary,
  WorkerRecord,
} from "./control-store.ts";
import type { DiskSpace } from "./disk-space.ts";
import type { CronStore } from "./cron-store.ts";
import { openControl } from "./open-control.ts";
import { keptBytes, RecordUse } from "./record-use.ts";
import { checkRoom, forgetOld } from "./sqlite-bounds.ts";
import { SqliteAssetReferences } from "./sqlite-asset-references.ts";
import { CodeReader, keepCode } from "./sqlite-code.ts";
import { SqliteCrons } from "./sqlite-crons.ts";
import { addDeployment, listDeployments } from "./sqlite-deployments.ts";
import { SqliteDropped } from "./sqlite-dropped.ts";
import { findPreview } from "./sqlite-previews.ts";
import { listRoutes, replaceRoutes } from "./sqlite-routes.ts";
import { SqliteSecrets } from "./sqlite-secrets.ts";
import { SqliteTailConsumers } from "./sqlite-tail-consumers.ts";
import { SqliteTokens } from "./sqlite-tokens.ts";
import { StorageLedger } from "./storage-ledger.ts";
import { listStrikes, removeStrikes, saveStrikes } from "./sqlite-strikes.ts";
import type { Bytes } from "./kv-store.ts";
import type { StrikeRecord } from "./strike-store.ts";

interface ActiveRow {
  readonly account: string;
  readonly worker: string;
  readonly deployedAtMs: number;
  readonly versionId: string;
  readonly percent: number;
  readonly configJson: string;
}

const VERSION = `v.id, v.account, v.worker, v.created_ms AS createdAtMs, v.packed_bytes AS packedBytes,
  v.config AS configJson, v.note AS noteJson, v.number`;
const NAMESPACE = "SELECT account, id, title, ns FROM kv_namespace WHERE account = ?";
const WORKER =
  "SELECT name, created_ms AS createdAtMs, settings AS settingsJson FROM worker WHERE account = ?";
const ACTIVE = `
  SELECT d.account, d.worker, d.created_ms AS deployedAtMs, dv.version AS versionId, dv.percent, v.config AS configJson
  FROM deployment d JOIN deployment_version dv ON dv.deployment = d.id JOIN version v ON v.id = dv.version
  WHERE d.id = (SELECT max(id) FROM deployment l WHERE l.account = d.account AND l.worker = d.worker)`;

type Noted<T extends { note: ControlNote }> = Omit<T, "note"> & { readonly noteJson: string };

/** The control records in one SQLite file, or in memory with the path `:memory:`. */
export class SqliteControl implements ControlStore {
  readonly crons: CronStore;
  readonly tailConsumers: SqliteTailConsumers;
  readonly tokens: SqliteTokens;
  readonly secrets: SqliteSecrets;
  readonly assets: SqliteAssetReferences;
  readonly dropped: SqliteDropped;
  readonly #db: Database.Database;
  readonly #codes: CodeReader;
  readonly #use: RecordUse;
  readonly #ledger: StorageLedger;
  readonly #disk: Pick<DiskSpace, "mustTake"> | undefined;

  /**
   * Opens the file, makes it if it is not there, checks it and brings it to the present schema.
   * @param ledger says how much accounts may store. @default no limits
   * @param disk keeps some of the disk free. @default nobody does
   * @throws {StorageDamaged} @throws {StorageTooNew}
   */
  constructor(path: string, ledger: StorageLedger = new StorageLedger(), disk?: Pick<DiskSpace, "mustTake">) {
    this.#ledger = ledger;
    this.#disk = disk;
    this.#db = openControl(path);
    try {
      migrateControl(this.#db, path);
      this.#use = new RecordUse(this.#db);
      this.#codes = new CodeReader(this.#db);
      this.crons = new SqliteCrons(this.#db);
      this.tailConsumers = new SqliteTailConsumers(this.#db);
      this.tokens = new SqliteTokens(this.#db);
      this.secrets = new SqliteSecrets(this.#db);
      this.assets = new SqliteAssetReferences(this.#db);
      this.dropped = new SqliteDropped(this.#db);
      ledger.countBy((account) => ledger.set("records", account, this.#use.of(account)));
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  ensureAccount(id: string, nowMs: number): void {
    this.#db
      .prepare("INSERT INTO account (id, created_ms) VALUES (?, ?) ON CONFLICT DO NOTHING")
      .run(id, nowMs);
  }

  listAccounts(): AccountRecord[] {
    return this.#db
      .prepare<[], AccountRecord>("SELECT id, created_ms AS createdAtMs FROM account ORDER BY id")
      .all();
  }

  publish(request: PublishRequest): void {
    const { account, worker, versionId, packed, configJson, routes, createdAtMs, note = {} } = request;
    const { secrets = [] } = request;
    const noteJson = JSON.stringify(note);
    this.#within(account, () => {
      if (this.#db.prepare("SELECT 1 FROM version WHERE id = ?").get(versionId) !== undefined) {
        throw new ControlConflict(
          "VERSION_EXISTS",
          `version "${versionId}" exists already; versions never change, publish under a new id`,
        );
      }
      this.ensureAccount(account, createdAtMs);
      if (this.worker(account, worker) === null) checkRoom(this.#db, "worker", account);
      this.#db
        .prepare("INSERT INTO worker (account, name, created_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .run(account, worker, createdAtMs);
      const { lastInsertRowid } = this.#db
        .prepare(
          `INSERT INTO version (id, account, worker, created_ms, config, packed_bytes, note, kept_bytes, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?,
           1 + (SELECT coalesce(max(number), 0) FROM version WHERE account = ? AND worker = ?))`,
        )
        .run(
          versionId,
          account,
          worker,
          createdAtMs,
          configJson,
          packed.length,
          noteJson,
          keptBytes(configJson, noteJson, secrets),
          account,
          worker,
        );
      keepCode(this.#db, { account, worker, seq: lastInsertRowid, packed });
      this.secrets.add(versionId, secrets);
      if (request.assets !== undefined) this.assets.add(versionId, account, request.assets);
      if (request.keepTraffic !== true)
        addDeployment(this.#db, account, worker, [{ versionId, percent: 100 }], createdAtMs, note);
      if (routes !== undefined) replaceRoutes(this.#db, account, worker, routes);
      forgetOld(this.#db, account, worker, this.#codes);
    });
  }

  deploy(request: {
    account: string;
    worker: string;
    versions: readonly VersionShare[];
    note?: ControlNote;
    createdAtMs: number;
  }): void {
    const { account, worker, versions, createdAtMs, note = {} } = request;
    const sum = versions.reduce((all, { percent }) => all + percent, 0);
    const ids = new Set(versions.map(({ versionId }) => versionId));
    if (
      Math.abs(sum - 100) > 1e-6 ||
      ids.size !== versions.length ||
      versions.some(({ percent }) => !(percent > 0))
    ) {
      throw new ControlConflict(
        "BAD_DEPLOYMENT",
        `a deployment names each version once with a share above 0, 100 in all; got ${JSON.stringify(versions)}`,
      );
    }
    this.#atomic(account, () => {
      for (const id of ids) {
        const found = this.#db
          .prepare("SELECT 1 FROM version WHERE id = ? AND account = ? AND worker = ?")
          .get(id, account, worker);
        if (found === undefined)
          throw new ControlConflict("NO_SUCH_VERSION", `worker "${worker}" has no version "${id}"`);
      }
      addDeployment(this.#db, account, worker, versions, createdAtMs, note);
      forgetOld(this.#db, account, worker, this.#codes);
    });
  }

  listWorkers(account: string): WorkerRecord[] {
    return this.#db.prepare<[string], WorkerRecord>(`${WORKER} ORDER BY name`).all(account);
  }

  worker(account: string, name: string): WorkerRecord | null {
    return (
      this.#db.prepare<[string, string], WorkerRecord>(`${WORKER} AND name = ?`).get(account, name) ?? null
    );
  }

  setWorkerSettings(account: string, name: string, settingsJson: string): void {
    this.#within(account, () => {
      const { changes } = this.#db
        .prepare("UPDATE worker SET settings = ? WHERE account = ? AND name = ?")
        .run(settingsJson, account, name);
      if (changes === 0) throw noSuchWorker(account, name);
    });
  }

  activeWorkers(): ActiveWorker[] {
    return this.#active(
      this.#db
        .prepare<[], ActiveRow>(`${ACTIVE} ORDER BY d.account, d.worker, dv.percent DESC, v.seq DESC`)
        .all(),
    );
  }

  activeWorker(account: string, worker: string): ActiveWorker | null {
    const rows = this.#db
      .prepare<[string, string], ActiveRow>(
        `${ACTIVE} AND d.account = ? AND d.worker = ? ORDER BY dv.percent DESC, v.seq DESC`,
      )
      .all(account, worker);
    return this.#active(rows)[0] ?? null;
  }

  loadVersion(id: string): VersionRecord | null {
    const row = this.#db
      .prepare<[string], Noted<VersionRecord>>(
        `SELECT ${VERSION}, c.packed FROM version v JOIN version_uses u USING (seq) JOIN code c ON c.id = u.code WHERE v.id = ?`,
      )
      .get(id);
    return row === undefined ? null : { ...noted(row), packed: Uint8Array.from(row.packed) };
  }

  loadCode(id: string): Bytes | null {
    return this.#codes.read(id);
  }

  readCodeAhead(id: string): boolean {
    return this.#codes.readAhead(id);
  }

  findVersion(account: string, worker: string, id: string): VersionSummary | null {
    const row = this.#db
      .prepare<[string, string, string], Noted<VersionSummary>>(
        `SELECT ${VERSION} FROM version v WHERE v.account = ? AND v.worker = ? AND v.id = ?`,
      )
      .get(account, worker, id);
    return row === undefined ? null : noted(row);
  }

  findPreview(account: string, worker: string, label: string): string | null {
    return findPreview(this.#db, account, worker, label);
  }

  listVersions(account: string, worker: string): VersionSummary[] {
    return this.#db
      .prepare<[string, string], Noted<VersionSummary>>(
        `SELECT ${VERSION} FROM version v
         WHERE v.account = ? AND v.worker = ? ORDER BY v.seq DESC`,
      )
      .all(account, worker)
      .map((row) => noted(row));
  }

  listDeployments(account: string, worker: string): DeploymentRecord[] {
    return listDeployments(this.#db, account, worker);
  }

  deleteWorker(account: string, worker: string): boolean {
    return this.#atomic(account, () => {
      this.#codes.forget(account, worker);
      // Its deployments go first, since they hold on to versions.
      this.#db.prepare("DELETE FROM deployment WHERE account = ? AND worker = ?").run(account, worker);
      return (
        this.#db.prepare("DELETE FROM worker WHERE account = ? AND name = ?").run(account, worker).changes > 0
      );
    });
  }

  routes(account: string, worker: string): string[] {
    return listRoutes(this.#db, account, worker);
  }

  setRoutes(account: string, worker: string, routes: readonly string[]): void {
    this.#within(account, () => {
      if (this.worker(account, worker) === null) throw noSuchWorker(account, worker);
      replaceRoutes(this.#db, account, worker, routes);
    });
  }

  ensureNamespace(request: { account: string; id: string; title?: string; nowMs: number }): number {
    const { account, id, title, nowMs } = request;
    return this.#within(account, () => {
      const row = this.#db
        .prepare<[string, string], { ns: number }>("SELECT ns FROM kv_namespace WHERE account = ? AND id = ?")
        .get(account, id);
      if (row === undefined) {
        checkRoom(this.#db, "kv_namespace", account);
        this.ensureAccount(account, nowMs);
        const made = this.#db
          .prepare("INSERT INTO kv_namespace (id, account, title, created_ms) VALUES (?, ?, ?, ?)")
          .run(id, account, title ?? id, nowMs);
        return Number(made.lastInsertRowid);
      }
      if (title !== undefined)
        this.#db.prepare("UPDATE kv_namespace SET title = ? WHERE ns = ?").run(title, row.ns);
      return row.ns;
    });
  }

  listNamespaces(account: string): NamespaceRecord[] {
    return this.#db.prepare<[string], NamespaceRecord>(`${NAMESPACE} ORDER BY id`).all(account);
  }

  namespace(account: string, id: string): NamespaceRecord | null {
    const find = this.#db.prepare<[string, string], NamespaceRecord>(`${NAMESPACE} AND id = ?`);
    return find.get(account, id) ?? null;
  }

  deleteNamespace(account: string, id: string): number | null {
    return this.#atomic(account, () => {
      const row = this.#db
        .prepare<[string, string], { ns: number }>(
          "DELETE FROM kv_namespace WHERE account = ? AND id = ? RETURNING ns",
        )
        .get(account, id);
      if (row !== undefined) this.dropped.add(row.ns);
      return row?.ns ?? null;
    });
  }

  listStrikes(): StrikeRecord[] {
    return listStrikes(this.#db);
  }

  saveStrikes(record: StrikeRecord): void {
    saveStrikes(this.#db, record);
  }

  removeStrikes(account: string, worker: string): void {
    removeStrikes(this.#db, account, worker);
  }

  close(): void {
    try {
      this.tokens.close();
    } finally {
      this.#db.close();
    }
  }

  #atomic<T>(account: string, work: () => T): T {
    const done = this.#db.transaction(work).immediate();
    this.#ledger.set("records", account, this.#use.of(account));
    return done;
  }

  /** The same, undone where the account would store more than it may. What stores no more than before is always done. */
  #within<T>(account: string, work: () => T): T {
    return this.#atomic(account, () => {
      const before = this.#use.of(account);
      const done = work();
      const after = this.#use.of(account);
      if (after > before) {
        this.#ledger.check("records", account, after);
        this.#disk?.mustTake(after - before);
      }
      return done;
    });
  }

  #active(rows: readonly ActiveRow[]): ActiveWorker[] {
    const workers = Map.groupBy(rows, (row) => JSON.stringify([row.account, row.worker]));
    return [...workers.values()].flatMap((shares) => {
      const [first] = shares;
      if (first === undefined) return [];
      const { account, worker, deployedAtMs } = first;
      return [
        {
          account,
          worker,
          deployedAtMs,
          versions: shares.map(({ versionId, percent, configJson }) => ({ versionId, percent, configJson })),
          routes: this.routes(account, worker),
        },
      ];
    });
  }
}

function noted<T extends { readonly noteJson: string }>({
  noteJson,
  ...rest
}: T): Omit<T, "noteJson"> & { readonly note: ControlNote } {
  return { ...rest, note: JSON.parse(noteJson) as ControlNote };
}
