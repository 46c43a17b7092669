import type { TailBatch } from "../../dispatch/unanswered-event.ts";

/** Events that wait for one consumer, and what they may take as JSON. */
const MAX_ITEMS = 1_000;
const MAX_CHARS = 4 * 1024 * 1024;
/** What the queues of one account may hold together, with what is being delivered, as JSON. */
const MAX_ACCOUNT_CHARS = 32 * 1024 * 1024;
const BATCH_ITEMS = 100;
const BATCH_CHARS = 1024 * 1024;
/** Batches that one consumer works at. */
const MAX_RUNNING = 2;
/** How soon it is told how many events were dropped, in ms. */
const TOLD_AFTER_MS = 1_000;

/** An event that somebody is to be told of. */
export interface TailEntry {
  readonly worker: string;
  readonly json: string;
  /** How many workers its request came through. */
  readonly depth: number;
}

export interface TailQueueOptions {
  /** How long an event waits for more to come, in ms. */
  readonly delayMs: number;
  /** What all queues of the account hold: each adds what it takes in, until the consumer is done with it. */
  readonly held: { chars: number };
  /** Hands a batch over; settles when the consumer is done with it. */
  readonly run: (batch: TailBatch) => Promise<unknown>;
  /** Told how many events were dropped since the last time. */
  readonly dropped: (count: number) => void;
  /** Nothing waits, runs or is to be told any more. */
  readonly idle: () => void;
}

/** A tail handler counts as so many workers: what it asks of those that it is told of comes back to it once, not for ever. */
const DEPTH_OF_TAIL = 8;

/** What one consumer is to be told of, in batches. */
export class TailQueue {
  readonly #options: TailQueueOptions;
  #waiting: TailEntry[] = [];
  #chars = 0;
  #running = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: TailQueueOptions) {
    this.#options = options;
  }

  push(entry: TailEntry): void {
    const chars = entry.json.length;
    const { held } = this.#options;
    if (this.#waiting.length >= MAX_ITEMS || this.#chars + chars > MAX_CHARS) return this.#drop();
    if (held.chars + chars > MAX_ACCOUNT_CHARS) return this.#drop();
    this.#waiting.push(entry);
    this.#chars += chars;
    held.chars += chars;
    if (this.#waiting.length >= BATCH_ITEMS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), this.#options.delayMs).unref();
  }

  /** Hands over what waits, as far as the consumer may work at it. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#waiting.length > 0 && this.#running < MAX_RUNNING) this.#run(this.#next());
  }

  #run({ batch, chars }: { batch: TailBatch; chars: number }): void {
    this.#running++;
    const over = (): void => {
      this.#running--;
      this.#options.held.chars -= chars;
      if (this.#waiting.length > 0) this.flush();
      else this.#idle();
    };
    this.#options.run(batch).then(over, over);
  }

  #idle(): void {
    if (this.#waiting.length === 0 && this.#running === 0 && this.#dropped === 0) this.#options.idle();
  }

  #next(): { batch: TailBatch; chars: number } {
    let chars = 0;
    let count = 0;
    for (const { json } of this.#waiting) {
      if (count > 0 && (count === BATCH_ITEMS || chars + json.length > BATCH_CHARS)) break;
      chars += json.length;
      count++;
    }
    const entries = this.#waiting.splice(0, count);
    this.#chars -= chars;
    const batch = {
      itemsJson: `[${entries.map(({ json }) => json).join()}]`,
      workers: [...new Set(entries.map(({ worker }) => worker))],
      depth: Math.max(...entries.map(({ depth }) => depth)) + DEPTH_OF_TAIL,
    };
    return { batch, chars };
  }

  #drop(): void {
    if (this.#dropped++ > 0) return;
    setTimeout(() => {
      const count = this.#dropped;
      this.#dropped = 0;
      this.#options.dropped(count);
      this.#idle();
    }, TOLD_AFTER_MS).unref();
  }
}
