import { Worker } from "node:worker_threads";
import { IdTable } from "../ids/id-table.ts";
import type { CacheIndexCalls, CacheInsert, CacheRow, CacheUses, GoneFiles, Removed } from "./cache-row.ts";
import type { CacheKey, CacheLatitude, CacheNames, CachePage, CacheSelection } from "./cache-store.ts";
import {
  accountOf,
  type CacheQuestion,
  type CacheThreadOptions,
  charsOf,
  type FromCacheThread,
  type ToCacheThread,
} from "./cache-thread-messages.ts";
import { type CacheAsked, CacheTurns } from "./cache-turns.ts";
import { StorageClosed } from "./storage-closed.ts";
import { Unavailable } from "./unavailable.ts";

/** Hears what an account made the cache's index do. */
export type CacheSpent = (account: string, cpuUs: number) => void;

interface Asked extends CacheAsked {
  readonly question: CacheQuestion;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * The host's end of the cache's thread, started with the first question and again when it has died. While it
 * is idle it does not keep the process alive.
 */
export class CacheThread implements CacheIndexCalls {
  readonly #options: CacheThreadOptions;
  readonly #spent: CacheSpent;
  /** What is with the thread. */
  readonly #sent = new IdTable<Asked>();
  readonly #turns = new CacheTurns<Asked>();
  #worker: Worker | null = null;
  #exited: Promise<void> = Promise.resolve();
  #lastId = 0;
  #ending = false;
  #closed = false;
  #onIdle: (() => void) | null = null;

  /** @param spent hears what accounts cost the thread; nothing of the host's own questions */
  constructor(options: CacheThreadOptions, spent: CacheSpent = () => {}) {
    this.#options = options;
    this.#spent = spent;
  }

  async find(
    key: CacheKey,
    requestHeaders: string,
    nowMs: number,
    latitude: CacheLatitude,
  ): Promise<CacheRow | null> {
    return (await this.#ask({ op: "find", key, requestHeaders, nowMs, latitude })) as CacheRow | null;
  }

  async read(key: CacheKey, id: number, nowMs: number): Promise<CacheRow | null> {
    return (await this.#ask({ op: "read", key, id, nowMs })) as CacheRow | null;
  }

  async list(
    selection: CacheSelection,
    requestHeaders: string | null,
    afterId: number,
    nowMs: number,
  ): Promise<CachePage> {
    return (await this.#ask({ op: "list", selection, requestHeaders, afterId, nowMs })) as CachePage;
  }

  async names(account: string, after: string): Promise<CacheNames> {
    return (await this.#ask({ op: "names", account, after })) as CacheNames;
  }

  async insert(row: CacheInsert, used: number, uses: CacheUses): Promise<GoneFiles> {
    return (await this.#ask({ op: "insert", row, used, uses })) as GoneFiles;
  }

  async remove(
    selection: CacheSelection,
    requestHeaders: string | null,
    nowMs: number,
    upToId: number,
  ): Promise<Removed> {
    return (await this.#ask({ op: "remove", selection, requestHeaders, nowMs, upToId })) as Removed;
  }

  async sweep(nowMs: number, uses: CacheUses): Promise<{ gone: GoneFiles; more: boolean }> {
    return (await this.#ask({ op: "sweep", nowMs, uses })) as { gone: GoneFiles; more: boolean };
  }

  /** Ends the thread at once; what it was asked is refused. The next question starts it again. */
  async kill(): Promise<void> {
    // Its last answers may still come, and must not let the process end before it has.
    this.#ending = true;
    await this.#worker?.terminate();
    await this.#exited;
    this.#ending = false;
  }

  /** Ends the thread when it has answered what it was asked. */
  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#turns.isIdle) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#worker?.ref();
    this.#post({ type: "close" });
    await this.#exited;
  }

  #ask(question: CacheQuestion): Promise<unknown> {
    if (this.#closed) return Promise.reject(new StorageClosed());
    return new Promise((resolve, reject) => {
      const asked = { account: accountOf(question), chars: charsOf(question), question, resolve, reject };
      if (this.#turns.add(asked)) this.#pump();
      else reject(new Unavailable("no", "too many operations of caches are waiting"));
    });
  }

  #pump(): void {
    for (let asked = this.#turns.take(); asked !== null; asked = this.#turns.take()) {
      const id = ++this.#lastId;
      this.#sent.set(id, asked);
      this.#start().ref();
      this.#post({ type: "ask", id, question: asked.question });
    }
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const entry = new URL(
      `./cache-thread-entry${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
      import.meta.url,
    );
    const worker = new Worker(entry, { name: "skerry-cache", workerData: this.#options, execArgv: [] });
    let reason = "the cache's thread ended";
    worker.on("message", (message: FromCacheThread) => this.#answered(message));
    worker.on("error", (error) => {
      reason = `the cache's thread failed: ${error instanceof Error ? error.message : "unknown"}`;
    });
    this.#exited = new Promise((resolve) => {
      worker.once("exit", () => {
        this.#worker = null;
        this.#died(reason);
        resolve();
      });
    });
    this.#worker = worker;
    return worker;
  }

  #post(message: ToCacheThread): void {
    this.#worker?.postMessage(message);
  }

  #answered(message: FromCacheThread): void {
    const asked = this.#sent.get(message.id);
    if (asked === undefined) return;
    this.#sent.delete(message.id);
    this.#turns.done(asked, message.cpuUs);
    if (asked.account !== "") this.#spent(asked.account, message.cpuUs);
    this.#pump();
    if (this.#turns.isIdle && !this.#ending && !this.#closed) this.#worker?.unref();
    if (message.ok) asked.resolve(message.value);
    else asked.reject(new Unavailable("no", `the cache's index: ${message.reason}`));
    if (this.#turns.isIdle) this.#onIdle?.();
  }

  #died(reason: string): void {
    const waiting = this.#turns.drain();
    const sent = this.#sent.entries();
    this.#sent.clear();
    for (const [, asked] of sent) {
      this.#turns.done(asked, 0);
      asked.reject(new Unavailable("unknown", reason));
    }
    for (const asked of waiting) asked.reject(new Unavailable("no", reason));
    this.#onIdle?.();
  }
}
