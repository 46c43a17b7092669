import { Worker } from "node:worker_threads";
import { IdTable } from "../ids/id-table.ts";
import type { FromKvThread, KvThreadOptions, ToKvThread } from "./kv-thread-messages.ts";
import { FULL, mostAdded, packGroup } from "./kv-write.ts";
import type { KvGroupResult, KvWrite } from "./kv-write.ts";
import { StorageClosed } from "./storage-closed.ts";
import { StorageDamaged } from "./storage-damaged.ts";
import { Unavailable } from "./unavailable.ts";
import { WriteQueue } from "./write-queue.ts";
import type { QueueBounds, Waiting } from "./write-queue.ts";
import { kvPath } from "./kv-file.ts";
import type { StorageLedger } from "./storage-ledger.ts";

const GROUPS_IN_FLIGHT = 4;
const PURGE_EVERY_MS = 5_000;
/** Deaths in a row, with no group done between them, after which what waits is refused. */
const DEATHS_IN_A_ROW = 3;

/** What a {@link KvThread} needs. */
export interface KvThreadSetup extends KvThreadOptions {
  readonly now: () => number;
  readonly queue?: QueueBounds;
  /** Says how much accounts may store, and hears how much they do. */
  readonly ledger: StorageLedger;
  /** Numbers of an account's namespaces. */
  readonly namespacesOf: (account: string) => readonly number[];
}

/** Writes that go together, with the writer. */
interface InFlight {
  readonly ns: number;
  readonly account: string;
  readonly entries: readonly Waiting[];
}

/**
 * The host's end of the writer thread: queues writes, sends a group per namespace, starts the thread
 * when it is needed and again when it has died. While the thread is idle it does not keep the process alive.
 */
export class KvThread {
  readonly #setup: KvThreadSetup;
  readonly #queue: WriteQueue;
  readonly #inFlight = new IdTable<InFlight>();
  /** Whoever waits for what an account's namespaces hold, by account. */
  readonly #counting = new Map<string, PromiseWithResolvers<void>>();
  /** Accounts that the thread may write for, as it was told what they have; those that are not ready yet wait for that. */
  #accounts = new Map<string, { isReady: boolean }>();
  #worker: Worker | null = null;
  #exited: Promise<void> = Promise.resolve();
  #purgeTimer: NodeJS.Timeout | null = null;
  #pumping = false;
  #nextGroup = 1;
  #deaths = 0;
  #ending = false;
  #closing: Promise<void> | null = null;
  #whenIdle: (() => void) | null = null;

  constructor(setup: KvThreadSetup) {
    this.#setup = setup;
    this.#queue = new WriteQueue(setup.queue);
  }

  /** Says whose a namespace is. */
  assign(ns: number, account: string): void {
    this.#queue.assign(ns, account);
  }

  /**
   * Does a write; resolves when it is durable, with the put's rev, -1 for a conflict, 0 for the rest.
   * @throws {Unavailable} if it cannot be done, or nobody can tell.
   */
  write(ns: number, write: KvWrite): Promise<number> {
    if (this.#closing !== null) return Promise.reject(new StorageClosed());
    return new Promise((resolve, reject) => {
      if (!this.#queue.push(ns, { write, resolve, reject })) {
        reject(new Unavailable("no", "too many writes are waiting"));
        return;
      }
      // Until it is done or refused: what is stored beside KV meanwhile has to know of it.
      this.#setup.ledger.pend(this.#queue.accountOf(ns), mostAdded(write));
      // A turn later, so that writes of the same turn share a transaction.
      if (this.#pumping) return;
      this.#pumping = true;
      setImmediate(() => {
        this.#pumping = false;
        this.#pump();
      });
    });
  }

  /** Tells the ledger what an account's namespaces hold, once the thread has counted it. */
  count(account: string): Promise<void> {
    if (this.#closing !== null) return Promise.reject(new StorageClosed());
    return this.#countOnce(account);
  }

  // Also while what waits is written before the end.
  #countOnce(account: string): Promise<void> {
    const known = this.#counting.get(account);
    if (known !== undefined) return known.promise;
    let namespaces: readonly number[];
    try {
      namespaces = this.#setup.namespacesOf(account);
    } catch (cause) {
      return Promise.reject(new Unavailable("no", "an account's namespaces cannot be listed", { cause }));
    }
    if (namespaces.length === 0) return Promise.resolve();
    const count = Promise.withResolvers<void>();
    this.#counting.set(account, count);
    this.#start().ref();
    this.#post({ type: "count", account, namespaces });
    return count.promise;
  }

  /** Has the thread remove some of what nobody can see any more; it does so by itself every few seconds. */
  purge(): void {
    this.#post({ type: "purge", nowMs: this.#setup.now() });
  }

  /** Ends the thread at once; writes under way end `unknown`. The next write starts it again. */
  async kill(): Promise<void> {
    if (this.#worker === null) return;
    // Of this thread: what waits may start the next one as soon as it is gone.
    const exited = this.#exited;
    this.#ending = true;
    await this.#worker.terminate();
    await exited;
  }

  /** Writes what waits, then ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (!this.#queue.empty || this.#inFlight.size > 0)
      await new Promise<void>((resolve) => (this.#whenIdle = resolve));
    if (this.#purgeTimer !== null) clearInterval(this.#purgeTimer);
    this.#ending = true;
    this.#worker?.ref();
    this.#post({ type: "close" });
    await this.#exited;
  }

  #pump(): void {
    while (this.#inFlight.size < GROUPS_IN_FLIGHT) {
      const next = this.#queue.take((account) => this.#isReady(account));
      if (next === null) break;
      const { ns, account } = next;
      const id = this.#nextGroup++;
      this.#inFlight.set(id, next);
      const limitBytes = this.#setup.ledger.roomFor("kv", account);
      const group = packGroup(
        { id, ns, account, limitBytes },
        next.entries.map((entry) => entry.write),
      );
      this.#start().ref();
      this.#post({ type: "group", nowMs: this.#setup.now(), group }, [
        group.data.buffer,
        group.heads.buffer as ArrayBuffer,
      ]);
    }
    if (this.#inFlight.size > 0 || this.#counting.size > 0) return;
    // Somebody waits for a thread that is ending.
    if (!this.#ending) this.#worker?.unref();
    if (this.#queue.empty) this.#whenIdle?.();
  }

  /** Whether all that an account stores is known; if not, it is looked up, and its writes go after that. */
  #isReady(account: string): boolean {
    const known = this.#accounts.get(account);
    if (known !== undefined) return known.isReady;
    const state = { isReady: false };
    this.#accounts.set(account, state);
    // What cannot be counted does not keep an account from writing: it counts as nothing.
    void Promise.allSettled([this.#countOnce(account), this.#setup.ledger.open(account)]).then(() => {
      state.isReady = true;
      this.#pump();
    });
    return false;
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const entry = new URL(
      `./kv-thread-entry${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
      import.meta.url,
    );
    const { folder, sync, openFiles } = this.#setup;
    const worker = new Worker(entry, {
      name: "skerry-storage",
      workerData: { folder, sync, openFiles },
      execArgv: [],
    });
    let reason = "the writer thread ended";
    worker.on("message", (message: FromKvThread) => this.#hear(message));
    worker.on(
      "error",
      (error) => (reason = `the writer thread failed: ${error instanceof Error ? error.message : "unknown"}`),
    );
    this.#exited = new Promise((resolve) => {
      worker.once("exit", () => {
        this.#worker = null;
        this.#ending = false;
        this.#died(reason);
        resolve();
      });
    });
    this.#worker = worker;
    this.#purgeTimer ??= setInterval(() => this.purge(), PURGE_EVERY_MS).unref();
    return worker;
  }

  #post(message: ToKvThread, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #hear(message: FromKvThread): void {
    if (message.type === "done") return this.#done(message.result);
    const { account, usedBytes } = message;
    this.#setup.ledger.set("kv", account, usedBytes);
    if (message.type === "used") return;
    this.#deaths = 0;
    const count = this.#counting.get(account);
    this.#counting.delete(account);
    count?.resolve();
    this.#pump();
  }

  #done(result: KvGroupResult): void {
    this.#deaths = 0;
    const group = this.#inFlight.get(result.id);
    if (group === undefined) return;
    this.#inFlight.delete(result.id);
    this.#queue.done(group.ns);
    this.#settled(group.account, group.entries);
    if (result.ok) {
      const { ledger } = this.#setup;
      ledger.set("kv", group.account, result.usedBytes);
      for (const [i, entry] of group.entries.entries()) {
        const rev = result.revs[i] ?? 0;
        if (rev === FULL) entry.reject(ledger.full(group.account, mostAdded(entry.write)));
        else entry.resolve(rev);
      }
    } else {
      const damaged = result.code.startsWith("SQLITE_CORRUPT") || result.code === "SQLITE_NOTADB";
      const error = damaged
        ? new StorageDamaged(kvPath(this.#setup.folder, group.ns), result.reason)
        : new Unavailable(result.outcome, `write failed: ${result.code}: ${result.reason}`);
      for (const entry of group.entries) entry.reject(error);
    }
    this.#pump();
  }

  /** What waited or was with the writer has its answer. */
  #settled(account: string, entries: readonly Waiting[]): void {
    let bytes = 0;
    for (const { write } of entries) bytes += mostAdded(write);
    this.#setup.ledger.pend(account, -bytes);
  }

  #died(reason: string): void {
    if (this.#inFlight.size > 0 || this.#counting.size > 0) this.#deaths++;
    // The next thread knows nothing of them.
    this.#accounts = new Map();
    const counts = [...this.#counting.values()];
    this.#counting.clear();
    for (const count of counts) count.reject(new Unavailable("no", reason));
    for (const [, group] of this.#inFlight.entries()) {
      this.#queue.done(group.ns);
      this.#settled(group.account, group.entries);
      for (const entry of group.entries) entry.reject(new Unavailable("unknown", reason));
    }
    this.#inFlight.clear();
    if (this.#deaths >= DEATHS_IN_A_ROW) {
      this.#deaths = 0;
      for (const { account, waiting } of this.#queue.drain()) {
        this.#settled(account, waiting);
        for (const entry of waiting) entry.reject(new Unavailable("no", reason));
      }
    }
    this.#pump();
  }
}
