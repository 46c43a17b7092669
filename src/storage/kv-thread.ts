import { Worker } from "node:worker_threads";
import { IdTable } from "../ids/id-table.ts";
import type { FromKvThread, KvThreadOptions, ToKvThread } from "./kv-thread-messages.ts";
import { packGroup } from "./kv-write.ts";
import type { KvGroupResult, KvWrite } from "./kv-write.ts";
import { StorageClosed } from "./storage-closed.ts";
import { StorageDamaged } from "./storage-damaged.ts";
import { Unavailable } from "./unavailable.ts";
import { WriteQueue } from "./write-queue.ts";
import type { QueueBounds, Waiting } from "./write-queue.ts";
import { kvPath } from "./kv-file.ts";

const GROUPS_IN_FLIGHT = 4;
const PURGE_EVERY_MS = 5_000;
/** Deaths in a row, with no group done between them, after which what waits is refused. */
const DEATHS_IN_A_ROW = 3;

/** What a {@link KvThread} needs. */
export interface KvThreadSetup extends KvThreadOptions {
  readonly now: () => number;
  readonly queue?: QueueBounds;
}

/**
 * The host's end of the writer thread: queues writes, sends a group per namespace, starts the thread
 * when it is needed and again when it has died. While the thread is idle it does not keep the process alive.
 */
export class KvThread {
  readonly #setup: KvThreadSetup;
  readonly #queue: WriteQueue;
  readonly #inFlight = new IdTable<{ ns: number; entries: Waiting[] }>();
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
      // A turn later, so that writes of the same turn share a transaction.
      if (this.#pumping) return;
      this.#pumping = true;
      setImmediate(() => {
        this.#pumping = false;
        this.#pump();
      });
    });
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
      const next = this.#queue.take();
      if (next === null) break;
      const id = this.#nextGroup++;
      this.#inFlight.set(id, next);
      const group = packGroup(
        id,
        next.ns,
        next.entries.map((entry) => entry.write),
      );
      this.#start().ref();
      this.#post({ type: "group", nowMs: this.#setup.now(), group }, [
        group.data.buffer,
        group.heads.buffer as ArrayBuffer,
      ]);
    }
    if (this.#inFlight.size > 0) return;
    // Somebody waits for a thread that is ending.
    if (!this.#ending) this.#worker?.unref();
    if (this.#queue.empty) this.#whenIdle?.();
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
    worker.on("message", (message: FromKvThread) => this.#done(message.result));
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

  #done(result: KvGroupResult): void {
    this.#deaths = 0;
    const group = this.#inFlight.get(result.id);
    if (group === undefined) return;
    this.#inFlight.delete(result.id);
    this.#queue.done(group.ns);
    if (result.ok) {
      for (const [i, entry] of group.entries.entries()) entry.resolve(result.revs[i] ?? 0);
    } else {
      const damaged = result.code.startsWith("SQLITE_CORRUPT") || result.code === "SQLITE_NOTADB";
      const error = damaged
        ? new StorageDamaged(kvPath(this.#setup.folder, group.ns), result.reason)
        : new Unavailable(result.outcome, `write failed: ${result.code}: ${result.reason}`);
      for (const entry of group.entries) entry.reject(error);
    }
    this.#pump();
  }

  #died(reason: string): void {
    if (this.#inFlight.size > 0) this.#deaths++;
    for (const [, group] of this.#inFlight.entries()) {
      this.#queue.done(group.ns);
      for (const entry of group.entries) entry.reject(new Unavailable("unknown", reason));
    }
    this.#inFlight.clear();
    if (this.#deaths >= DEATHS_IN_A_ROW) {
      this.#deaths = 0;
      for (const entry of this.#queue.drain()) entry.reject(new Unavailable("no", reason));
    }
    this.#pump();
  }
}
