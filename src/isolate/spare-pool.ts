import type { Image } from "./image.ts";
import { makeSpare, type Spare } from "./spare.ts";

export interface SparePoolOptions {
  /** Spares kept ready. */
  readonly count: number;
  /** Heap limit of the spares; a claim of another size is made when it comes. */
  readonly memoryMb: number;
  /** Whether now is a bad moment to spend a millisecond of the loop. */
  readonly busy: () => boolean;
  readonly onCatastrophe: (message: string) => void;
  /** Hears what making a spare took on the pool, in microseconds. */
  readonly onMade: (cpuUs: number) => void;
}

const PAUSE_MS = 2;
/** How often a busy loop may put the next spare off. */
const PATIENCE = 20;
/** After a failure the next try waits. */
const RETRY_MS = 1_000;

/** Isolates made ahead of need, one at a time, when the loop has nothing better to do. */
export class SparePool {
  readonly #image: Image;
  readonly #options: SparePoolOptions;
  readonly #ready: Spare[] = [];
  #timer: NodeJS.Timeout | undefined;
  #making: Promise<void> | undefined;
  #patience = PATIENCE;
  #closed = false;

  constructor(image: Image, options: SparePoolOptions) {
    this.#image = image;
    this.#options = options;
  }

  get count(): number {
    return this.#ready.length;
  }

  /** A spare with this heap limit: one that waits, or a new one. */
  async claim(memoryMb: number): Promise<{ spare: Spare; waiting: boolean }> {
    const at = this.#ready.findIndex((spare) => spare.memoryMb === memoryMb && !spare.isolate.isDisposed);
    const found = at < 0 ? undefined : this.#ready.splice(at, 1)[0];
    this.refill(PAUSE_MS);
    if (found !== undefined) return { spare: found, waiting: true };
    return { spare: await this.#make(memoryMb), waiting: false };
  }

  /** Makes the next spare after a pause, if one is missing. */
  refill(pauseMs: number): void {
    if (this.#closed || this.#timer !== undefined || this.#making !== undefined) return;
    if (this.#ready.length >= this.#options.count) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#options.busy() && this.#patience-- > 0) return this.refill(PAUSE_MS);
      this.#patience = PATIENCE;
      this.#making = this.#makeReady();
      void this.#making;
    }, pauseMs);
    this.#timer.unref();
  }

  /** Ends all spares, also the one that is being made. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#making;
    for (const spare of this.#ready.splice(0)) if (!spare.isolate.isDisposed) spare.isolate.dispose();
  }

  async #makeReady(): Promise<void> {
    let pauseMs = PAUSE_MS;
    try {
      this.#ready.push(await this.#make(this.#options.memoryMb));
    } catch {
      pauseMs = RETRY_MS;
    }
    this.#making = undefined;
    this.refill(pauseMs);
  }

  async #make(memoryMb: number): Promise<Spare> {
    const spare = await makeSpare(this.#image, { memoryMb });
    spare.onCatastrophe = this.#options.onCatastrophe;
    this.#options.onMade(Number(spare.isolate.cpuTime / 1_000n));
    return spare;
  }
}
