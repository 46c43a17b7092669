import { Worker } from "node:worker_threads";
import { IdTable } from "../../ids/id-table.ts";
import { CallError } from "../binding.ts";
import type { CryptoResult, FromCryptoThread, ToCryptoThread } from "./crypto-thread-messages.ts";

/** How long `close` waits for operations that nobody waits for any more, in ms: making the largest RSA key takes less. */
const DRAIN_MS = 60_000;
/** Heap of the thread; keys themselves lie outside of it. */
const HEAP_MB = 256;

/** An operation without its id. */
type Omitted<T> = T extends unknown ? Omit<T, "id"> : never;
export type CryptoWork = Omitted<Exclude<ToCryptoThread, { type: "free" }>>;

interface Waiting {
  readonly resolve: (result: CryptoResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The host's end of the thread that holds all keys. It starts with the first operation; if it dies, the keys in it are
 * lost, and the next operation starts another. While it is idle it does not keep the process alive.
 */
export class CryptoThread {
  readonly #waiting = new IdTable<Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;
  #closed = false;
  #lastHandle = 0;
  readonly #onDeath: () => void;
  /** Nothing is under way any more. */
  #onIdle: () => void = () => {};

  /** @param onDeath called when the thread has ended though nobody closed it: all that it kept is gone */
  constructor(onDeath: () => void = () => {}) {
    this.#onDeath = onDeath;
  }

  /** A name for a key or digest that the thread shall keep; never used twice. */
  newHandle(): number {
    return ++this.#lastHandle;
  }

  /** @throws CallError if the thread ends before it answers */
  run(work: CryptoWork, transfer: readonly Uint8Array[]): Promise<CryptoResult> {
    if (this.#closed) return Promise.reject(new CallError("OperationError", "The host is closing."));
    const id = ++this.#lastId;
    const worker = this.#start();
    worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const message = { ...work, id } as ToCryptoThread;
      worker.postMessage(message, [...new Set(transfer.map(({ buffer }) => buffer as ArrayBuffer))]);
    });
  }

  /** Forgets keys and digests. */
  free(handles: readonly number[]): void {
    if (handles.length > 0) this.#worker?.postMessage({ type: "free", handles } satisfies ToCryptoThread);
  }

  /** Ends the thread at once, and with it all keys; what is under way fails. The next operation starts another. */
  async kill(): Promise<void> {
    await this.#worker?.terminate();
  }

  /**
   * Ends the thread for good. What is under way fails at once, but is waited for: Node aborts the whole process where a
   * key is made in the moment in which its thread is ended.
   */
  async close(): Promise<void> {
    this.#closed = true;
    for (const [, { reject }] of this.#waiting.entries())
      reject(new CallError("OperationError", "The host is closing."));
    let timer: NodeJS.Timeout | undefined;
    const drained = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      timer = setTimeout(resolve, DRAIN_MS);
    });
    if (this.#waiting.size > 0) await drained;
    clearTimeout(timer);
    await this.kill();
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const entry = new URL(
      `./crypto-thread-entry${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
      import.meta.url,
    );
    const worker = new Worker(entry, {
      name: "skerry-crypto",
      // Node calls some curves experimental, once per thread, on standard error.
      execArgv: ["--disable-warning=ExperimentalWarning"],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.on("message", ({ id, result }: FromCryptoThread) => {
      this.#waiting.get(id)?.resolve(result);
      this.#waiting.delete(id);
      if (this.#waiting.size > 0) return;
      worker.unref();
      this.#onIdle();
    });
    worker.on("error", () => {});
    worker.once("exit", () => {
      if (this.#worker === worker) this.#worker = null;
      for (const [, { reject }] of this.#waiting.entries())
        reject(new CallError("OperationError", "The operation was lost with the keys of its host."));
      this.#waiting.clear();
      this.#onIdle();
      if (!this.#closed) this.#onDeath();
    });
    this.#worker = worker;
    return worker;
  }
}
