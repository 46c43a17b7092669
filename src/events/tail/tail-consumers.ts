import type { TailBatch } from "../../dispatch/unanswered-event.ts";
import { DEPTH_HEADER, requestDepth } from "../../egress/request-depth.ts";
import { workerKey } from "../../ids/worker-key.ts";
import type { TailFeed, TailItem } from "../../meter/tail-feed.ts";
import { traceItem } from "../../meter/trace-item.ts";
import type { TailConsumerStore } from "../../storage/tail-consumer-store.ts";
import { TailQueue } from "./tail-queue.ts";

/** How long an event waits for others to go along with it, in ms. */
const DELAY_MS = 100;

export interface TailConsumersParts {
  readonly store: TailConsumerStore;
  readonly feed: TailFeed;
  /** Hands a batch to the worker that takes the consumer's traffic then, if there is one. */
  readonly run: (account: string, consumer: string, batch: TailBatch) => Promise<unknown>;
  /** Told how many events a consumer was not told of. */
  readonly dropped: (account: string, consumer: string, count: number) => void;
  /** @default 100 */
  readonly delayMs?: number;
}

/** What the queues of an account hold together, and how many there are. */
interface AccountHeld {
  chars: number;
  queues: number;
}

/**
 * Tells workers of the events of others of their account. What a tail handler itself does is told to nobody, so that
 * workers which watch themselves or each other do not go on for ever.
 */
export class TailConsumers {
  readonly #parts: TailConsumersParts;
  readonly #stops = new Map<string, () => void>();
  /** Of consumers that have something to do. */
  readonly #queues = new Map<string, TailQueue>();
  /** Of accounts whose consumers have something to do. */
  readonly #held = new Map<string, AccountHeld>();

  constructor(parts: TailConsumersParts) {
    this.#parts = parts;
  }

  /** Begins with what the store knows. */
  restore(): void {
    for (const { account, worker } of this.#parts.store.all()) this.#watch(account, worker);
  }

  /** Keeps who is told of a worker's events from now on. */
  set(account: string, worker: string, consumers: readonly string[]): void {
    this.#parts.store.set(account, worker, consumers);
    this.#watch(account, worker);
  }

  /** The worker is gone. */
  forget(account: string, worker: string): void {
    this.#stop(workerKey(account, worker));
  }

  /** Hands over at once what waits. */
  flush(): void {
    for (const queue of this.#queues.values()) queue.flush();
  }

  #watch(account: string, worker: string): void {
    const key = workerKey(account, worker);
    this.#stop(key);
    const consumers = this.#parts.store.of(account, worker);
    if (consumers.length === 0) return;
    const stop = this.#parts.feed.watch(account, worker, (item) => this.#tell(account, consumers, item));
    this.#stops.set(key, stop);
  }

  #stop(key: string): void {
    this.#stops.get(key)?.();
    this.#stops.delete(key);
  }

  #tell(account: string, consumers: readonly string[], item: TailItem): void {
    const { source, event } = item;
    if (source.kind === "tail") return;
    const json = JSON.stringify(traceItem(item));
    const depth = source.kind === "fetch" ? requestDepth(source.headers[DEPTH_HEADER]) : 0;
    for (const consumer of consumers)
      this.#queue(account, consumer).push({ worker: event.worker, json, depth });
  }

  #queue(account: string, consumer: string): TailQueue {
    const key = workerKey(account, consumer);
    const known = this.#queues.get(key);
    if (known !== undefined) return known;
    const { run, dropped, delayMs = DELAY_MS } = this.#parts;
    const held = this.#held.get(account) ?? { chars: 0, queues: 0 };
    this.#held.set(account, held);
    held.queues++;
    const queue = new TailQueue({
      delayMs,
      held,
      run: (batch) => run(account, consumer, batch),
      dropped: (count) => dropped(account, consumer, count),
      idle: () => {
        this.#queues.delete(key);
        if (--held.queues === 0) this.#held.delete(account);
      },
    });
    this.#queues.set(key, queue);
    return queue;
  }
}
