import type { Clock } from "../clock/clock.ts";
import { Standstill } from "../clock/standstill.ts";
import type { Fleet } from "./fleet.ts";
import type { WarmOptions } from "./options.ts";
import type { UseOrder } from "./use-order.ts";
import type { WarmIsolate } from "./warm-isolate.ts";

const SWEEP_MS = 1_000;

interface SweeperActions {
  readonly isolates: () => UseOrder;
  readonly evict: (isolate: WarmIsolate) => void;
  readonly recycle: (isolate: WarmIsolate) => void;
  /** Called at every look. @param stoodMs how long the host itself stood still since the last one */
  readonly onTick: (stoodMs: number) => void;
}

/** Looks at the warm isolates once a second: weighs them, lets idle ones go, replaces swollen ones. */
export class Sweeper {
  readonly #fleet: Fleet;
  readonly #options: WarmOptions;
  readonly #clock: Clock;
  readonly #actions: SweeperActions;
  readonly #timer: NodeJS.Timeout;
  #sweeping = false;

  constructor(fleet: Fleet, options: WarmOptions, clock: Clock, actions: SweeperActions) {
    this.#fleet = fleet;
    this.#options = options;
    this.#clock = clock;
    this.#actions = actions;
    const standstill = new Standstill(SWEEP_MS, clock.monotonicMs());
    this.#timer = setInterval(() => {
      actions.onTick(standstill.look(clock.monotonicMs()));
      void this.#sweep();
    }, SWEEP_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    if (this.#sweeping || this.#actions.isolates().size === 0) return;
    this.#sweeping = true;
    try {
      await this.#weigh();
      this.#evictIdle();
      this.#evictHeavy();
    } catch {
      // A cell that is being replaced does not answer; the next sweep asks its successor.
    } finally {
      this.#sweeping = false;
    }
  }

  async #weigh(): Promise<void> {
    const stats = await Promise.all(this.#fleet.cells.map((cell) => cell.stats()));
    for (const { isolate: id, heapBytes, externalBytes } of stats.flatMap((cell) => cell.isolates)) {
      const isolate = this.#actions.isolates().get(id);
      if (isolate === undefined) continue;
      isolate.bytes = heapBytes + externalBytes;
      const softLimit = isolate.version.limits.memoryMb * 1024 * 1024 * this.#options.recycleAt;
      if (isolate.state === "warm" && isolate.bytes > softLimit) this.#actions.recycle(isolate);
    }
  }

  #evictIdle(): void {
    const oldest = this.#clock.monotonicMs() - this.#options.idleMs;
    for (const isolate of [...this.#actions.isolates().values()]) {
      if (isolate.lastUsedMs > oldest) break;
      if (!isolate.isPinned) this.#actions.evict(isolate);
    }
  }

  #evictHeavy(): void {
    let bytes = 0;
    for (const isolate of this.#actions.isolates().values()) bytes += isolate.bytes;
    for (const isolate of [...this.#actions.isolates().values()]) {
      if (bytes <= this.#options.maxBytes) return;
      if (isolate.isPinned) continue;
      bytes -= isolate.bytes;
      this.#actions.evict(isolate);
    }
  }
}
