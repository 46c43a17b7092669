import type ivm from "isolated-vm";
import type { Image } from "./image.ts";
import { type Claimed, ExpectedSpares } from "./expected-spares.ts";
import { makeSpare, type Spare } from "./spare.ts";
import { SpareTarget } from "./spare-target.ts";

export interface SparePoolOptions {
  /** Spares kept ready; up to three times as many while claims come fast. */
  readonly count: number;
  /** Heap limit of the spares; a claim of another size is made when it comes. */
  readonly memoryMb: number;
  /** Whether now is a bad moment to spend a millisecond of the loop. */
  readonly busy: () => boolean;
  readonly onCatastrophe: (message: string) => void;
  /** Hears of a spare that is begun, with what tells the time spent in it so far, in microseconds. Gives what is called once it is made. */
  readonly onBegun: (counterUs: () => number) => () => void;
  /** Hears that one was disposed which is no longer needed. */
  readonly onDropped?: () => void;
  /** Monotonic time, in ms. @default the process's */
  readonly nowMs?: () => number;
  /** How often one goes that was kept for claims which no longer come, in ms. @default 5000 */
  readonly shrinkMs?: number;
}

const PAUSE_MS = 2;
/** How often a busy loop may put the next spare off. */
const PATIENCE = 20;
const SHRINK_MS = 5_000;
/** After a failure the next try waits. */
const RETRY_MS = 1_000;

/** Isolates made ahead of need, one at a time, when the loop has nothing better to do. */
export class SparePool {
  readonly #image: Image;
  readonly #options: SparePoolOptions;
  readonly #ready: Spare[] = [];
  readonly #expected = new ExpectedSpares();
  readonly #target: SpareTarget;
  readonly #nowMs: () => number;
  #shrinking: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #making: Promise<void> | undefined;
  #patience = PATIENCE;
  #closed = false;

  constructor(image: Image, options: SparePoolOptions) {
    this.#image = image;
    this.#options = options;
    this.#target = new SpareTarget(options.count);
    this.#nowMs = options.nowMs ?? ((): number => performance.now());
  }

  get count(): number {
    return this.#ready.length;
  }

  /** Takes a spare for an isolate whose claim is about to come, or `forgo`. */
  expect(isolate: number, memoryMb: number): void {
    if (!this.#closed) this.#expected.add(isolate, memoryMb, () => this.#claim(memoryMb));
  }

  /** The claim does not come. */
  forgo(isolate: number): void {
    this.#expected.drop(isolate);
  }

  /**
   * A spare with this heap limit: one that waits, or a new one.
   * @param isolate for which one may have been taken already
   */
  async claim(memoryMb: number, isolate = -1): Promise<Claimed> {
    return (await this.#expected.take(isolate, memoryMb)) ?? (await this.#claim(memoryMb));
  }

  async #claim(memoryMb: number): Promise<Claimed> {
    // Others find no spare, however many there are.
    if (memoryMb === this.#options.memoryMb) this.#target.claimed(this.#nowMs());
    const at = this.#ready.findIndex((spare) => spare.memoryMb === memoryMb && !spare.isolate.isDisposed);
    const found = at < 0 ? undefined : this.#ready.splice(at, 1)[0];
    this.refill(PAUSE_MS);
    if (found !== undefined) return { spare: found, waiting: true };
    return { spare: await this.#make(memoryMb), waiting: false };
  }

  /** Makes the next spare after a pause, if one is missing. */
  refill(pauseMs: number): void {
    if (this.#closed || this.#timer !== undefined || this.#making !== undefined) return;
    if (this.#ready.length >= this.#target.at(this.#nowMs())) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if ((this.#expected.size > 0 || this.#options.busy()) && this.#patience-- > 0)
        return this.refill(PAUSE_MS);
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
    clearTimeout(this.#shrinking);
    this.#expected.close();
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
    this.#shrinkLater();
  }

  /** Lets the spares go, one after the other, that are more than what is kept in calm. */
  #shrinkLater(): void {
    if (this.#closed || this.#shrinking !== undefined || this.#ready.length <= this.#options.count) return;
    this.#shrinking = setTimeout(() => {
      this.#shrinking = undefined;
      if (this.#ready.length > this.#target.at(this.#nowMs())) {
        const { isolate } = this.#ready.pop()!;
        if (!isolate.isDisposed) isolate.dispose();
        this.#options.onDropped?.();
      }
      this.#shrinkLater();
    }, this.#options.shrinkMs ?? SHRINK_MS);
    this.#shrinking.unref();
  }

  async #make(memoryMb: number): Promise<Spare> {
    let made = (): void => {};
    const onIsolate = (isolate: ivm.Isolate): void => {
      made = this.#options.onBegun(() => (isolate.isDisposed ? 0 : Number(isolate.cpuTime) / 1_000));
    };
    try {
      const spare = await makeSpare(this.#image, { memoryMb, onIsolate });
      spare.onCatastrophe = this.#options.onCatastrophe;
      return spare;
    } finally {
      made();
    }
  }
}
