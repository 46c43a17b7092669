import { Worker } from "node:worker_threads";
import { IdTable } from "../ids/id-table.ts";
import type { CacheIndexCalls, CacheInsert, CacheRow, CacheUses, GoneFiles, Removed } from "./cache-row.ts";
import type { CacheKey, CacheLatitude, CacheNames, CachePage, CacheSelection } from "./cache-store.ts";
import type {
  CacheQuestion,
  CacheThreadOptions,
  FromCacheThread,
  ToCacheThread,
} from "./cache-thread-messages.ts";
import { StorageClosed } from "./storage-closed.ts";
import { Unavailable } from "./unavailable.ts";

/** Questions that may wait for the thread. */
const MAX_WAITING = 10_000;

interface Asked {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * The host's end of the cache's thread, started with the first question and again when it has died. While it
 * is idle it does not keep the process alive.
 */
export class CacheThread implements CacheIndexCalls {
  readonly #options: CacheThreadOptions;
  readonly #asked = new IdTable<Asked>();
  #worker: Worker | null = null;
  #exited: Promise<void> = Promise.resolve();
  #lastId = 0;
  #ending = false;
  #closed = false;

  constructor(options: CacheThreadOptions) {
    this.#options = options;
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
    this.#worker?.ref();
    this.#post({ type: "close" });
    await this.#exited;
  }

  #ask(question: CacheQuestion): Promise<unknown> {
    if (this.#closed) return Promise.reject(new StorageClosed());
    if (this.#asked.size >= MAX_WAITING)
      return Promise.reject(new Unavailable("no", "too many operations of caches are waiting"));
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#asked.set(id, { resolve, reject });
      this.#start().ref();
      this.#post({ type: "ask", id, question });
    });
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
        for (const [, asked] of this.#asked.entries()) asked.reject(new Unavailable("unknown", reason));
        this.#asked.clear();
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
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if (this.#asked.size === 0 && !this.#ending && !this.#closed) this.#worker?.unref();
    if (message.ok) asked?.resolve(message.value);
    else asked?.reject(new Unavailable("no", `the cache's index: ${message.reason}`));
  }
}
