import { Worker } from "node:worker_threads";

const TICK_MS = 5;
/** A thread beside the loop that counts how often the machine let it wake up. */
const WITNESS = `
const { workerData } = require("node:worker_threads");
const ticks = new Int32Array(workerData);
const never = new Int32Array(new SharedArrayBuffer(4));
for (;;) { Atomics.wait(never, 0, 0, ${TICK_MS}); Atomics.add(ticks, 0, 1); }
`;

/**
 * How long the loop of this process stands still, by what another thread of it did meanwhile: where the machine itself
 * stands still, neither goes on, and it is nobody's fault.
 */
export class Standstill {
  readonly #ticks = new Int32Array(new SharedArrayBuffer(4));
  readonly #witness: Worker;
  readonly #timer: NodeJS.Timeout;
  #seen = 0;
  #most = 0;

  constructor() {
    this.#witness = new Worker(WITNESS, { eval: true, workerData: this.#ticks.buffer });
    this.#witness.unref();
    this.#timer = setInterval(() => this.#look(), TICK_MS);
    this.#timer.unref();
  }

  /** The longest since the last reset, in ms: no more than passed. */
  get maxMs(): number {
    this.#look();
    return this.#most * TICK_MS;
  }

  reset(): void {
    this.#look();
    this.#most = 0;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#witness.terminate();
  }

  #look(): void {
    const now = Atomics.load(this.#ticks, 0);
    this.#most = Math.max(this.#most, now - this.#seen);
    this.#seen = now;
  }
}
