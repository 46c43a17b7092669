const STALL_MS = 5_000;
const NOT_READ =
  "This body's other copy is not being read, and as much of it is waiting as may: read both at the same time.";

interface SplitOptions {
  /** How far one half may be ahead of the other, in bytes. */
  readonly lagBytes: number;
  /** Which half is given up where nobody begins to read the other: the one that cannot go on, or the other. */
  readonly givesUp: "reader" | "other";
  /** Called once, when neither half is read any more. */
  readonly onOver: () => void;
  /** @default 5000 */
  readonly stallMs?: number;
}

interface Half {
  readonly stream: ReadableStream<Uint8Array>;
  controller: ReadableStreamDefaultController<Uint8Array>;
  readonly queue: Uint8Array[];
  queuedBytes: number;
  wanted: boolean;
  /** Whether anything was ever read from it. */
  begun: boolean;
  over: boolean;
}

/**
 * Gives a stream to two readers. Unlike `tee` it holds little: the reader that is ahead waits for the other. Where
 * nobody begins to read the other, one of the two ends with an error after a while.
 */
export function splitStream(
  source: ReadableStream<Uint8Array>,
  options: SplitOptions,
): readonly [ReadableStream<Uint8Array>, ReadableStream<Uint8Array>] {
  return new Split(source, options).streams;
}

class Split {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #options: SplitOptions;
  readonly #halves: readonly [Half, Half];
  #reading = false;
  #ended = false;
  #stall: NodeJS.Timeout | null = null;

  constructor(source: ReadableStream<Uint8Array>, options: SplitOptions) {
    this.#reader = source.getReader();
    this.#options = options;
    this.#halves = [this.#half(), this.#half()];
  }

  get streams(): readonly [ReadableStream<Uint8Array>, ReadableStream<Uint8Array>] {
    return [this.#halves[0].stream, this.#halves[1].stream];
  }

  #half(): Half {
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (given) => void (controller = given),
        pull: () => {
          half.begun = half.wanted = true;
          this.#serve(half);
          this.#read();
        },
        cancel: (reason) => this.#leave(half, reason),
      },
      { highWaterMark: 0 },
    );
    const half: Half = {
      stream,
      controller,
      queue: [],
      queuedBytes: 0,
      wanted: false,
      begun: false,
      over: false,
    };
    return half;
  }

  #serve(half: Half): void {
    if (half.over) return;
    const bytes = half.wanted ? half.queue.shift() : undefined;
    if (bytes !== undefined) {
      half.wanted = false;
      half.queuedBytes -= bytes.length;
      half.controller.enqueue(bytes);
    }
    if (!this.#ended || half.queue.length > 0) return;
    half.controller.close();
    this.#leave(half, undefined);
  }

  #read(): void {
    if (this.#stall !== null) clearTimeout(this.#stall);
    this.#stall = null;
    if (this.#reading || this.#ended || !this.#halves.some((half) => half.wanted && !half.over)) return;
    const behind = this.#halves.find((half) => half.queuedBytes >= this.#options.lagBytes);
    if (behind === undefined) return void this.#next();
    if (behind.begun) return;
    this.#stall = setTimeout(() => this.#giveUp(behind), this.#options.stallMs ?? STALL_MS).unref();
  }

  async #next(): Promise<void> {
    this.#reading = true;
    try {
      const { done, value } = await this.#reader.read();
      this.#reading = false;
      if (done) this.#ended = true;
      else this.#deal(value);
      for (const half of this.#halves) this.#serve(half);
      this.#read();
    } catch (error) {
      this.#ended = true;
      for (const half of this.#halves) this.#fail(half, error);
    }
  }

  #deal(bytes: Uint8Array): void {
    const live = this.#halves.filter((half) => !half.over);
    for (const [i, half] of live.entries()) {
      // Bytes of its own: neither reader knows what the other does with them.
      half.queue.push(i === 0 ? bytes : new Uint8Array(bytes));
      half.queuedBytes += bytes.length;
    }
  }

  #giveUp(behind: Half): void {
    const ahead = this.#halves.find((half) => half !== behind)!;
    this.#fail(this.#options.givesUp === "reader" ? ahead : behind, new Error(NOT_READ));
  }

  #fail(half: Half, error: unknown): void {
    if (half.over) return;
    half.controller.error(error);
    this.#leave(half, error);
  }

  #leave(half: Half, reason: unknown): void {
    if (half.over) return;
    half.over = true;
    half.queue.length = half.queuedBytes = 0;
    if (!this.#halves.every(({ over }) => over)) return this.#read();
    if (this.#stall !== null) clearTimeout(this.#stall);
    if (!this.#ended) this.#reader.cancel(reason).catch(() => {}); // the source's own failure
    this.#options.onOver();
  }
}
