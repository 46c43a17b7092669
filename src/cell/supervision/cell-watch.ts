import { Worker } from "node:worker_threads";
import type { CellDeath } from "../cell.ts";
import type { ChildBounds } from "./child-rules.ts";
import { type FromWatch, REASONS, Shared, type ToWatch } from "./watch-messages.ts";

const HEAP_MB = 16;
/** Deaths of the thread after which the children are left to their pings. */
const MAX_DEATHS = 5;

/** What the thread says of a child that it killed. */
export interface KillReport extends Pick<CellDeath, "reason" | "message"> {
  /** The isolate that is known to have caused it; -1 where none is. */
  readonly isolate: number;
}

/** One child under watch. */
export interface WatchedChild {
  /** Resident memory at the last look, in bytes. */
  readonly rssBytes: number;
  /** CPU that it has used, in ms; 0 where the system does not say. */
  readonly cpuMs: number;
  /** Why the thread has killed it; undefined if it has not. */
  readonly report: KillReport | undefined;
  /** Ends the watch. Resolves when the child's file is not read any more. */
  remove(): Promise<void>;
}

/** The host's end of the thread that watches all children of its cells. It starts with the first of them. */
export class CellWatch {
  readonly #children = new Map<number, ToWatch & { type: "add" }>();
  readonly #removing = new Map<number, () => void>();
  #worker: Worker | undefined;
  #lastId = 0;
  #deaths = 0;

  /** @param pid of the child @param fd of its entry file, which stays open until `remove` has resolved */
  add(pid: number, fd: number, bounds: ChildBounds): WatchedChild {
    const id = ++this.#lastId;
    const shared = new Float64Array(
      new SharedArrayBuffer(Shared.words * Float64Array.BYTES_PER_ELEMENT),
    ) as Float64Array<SharedArrayBuffer>;
    const message = { type: "add", id, pid, fd, bounds, shared } as const;
    this.#children.set(id, message);
    if (this.#worker === undefined) this.#start();
    else this.#worker.postMessage(message satisfies ToWatch);
    return {
      get rssBytes() {
        return shared[Shared.rssBytes]!;
      },
      get cpuMs() {
        return shared[Shared.cpuMs]!;
      },
      get report() {
        return reportOf(shared, bounds);
      },
      remove: () => this.#remove(id),
    };
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#deaths = MAX_DEATHS;
    await this.#worker?.terminate();
  }

  #remove(id: number): Promise<void> {
    if (!this.#children.delete(id) || this.#worker === undefined) return Promise.resolve();
    const worker = this.#worker;
    return new Promise((resolve) => {
      this.#removing.set(id, resolve);
      worker.postMessage({ type: "remove", id } satisfies ToWatch);
    });
  }

  #start(): void {
    const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
    const worker = new Worker(new URL(`./watch-thread-entry${extension}`, import.meta.url), {
      name: "skerry-watch",
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.#worker = worker;
    worker.unref();
    for (const message of this.#children.values()) worker.postMessage(message);
    worker.on("message", ({ removed }: FromWatch) => {
      this.#removing.get(removed)?.();
      this.#removing.delete(removed);
    });
    worker.on("error", () => {});
    worker.once("exit", () => {
      this.#worker = undefined;
      for (const resolve of this.#removing.values()) resolve();
      this.#removing.clear();
      if (++this.#deaths < MAX_DEATHS && this.#children.size > 0) this.#start();
    });
  }
}

function reportOf(shared: Float64Array, { memoryBytes }: ChildBounds): KillReport | undefined {
  const reason = REASONS[shared[Shared.reason]! - 1];
  if (reason === undefined) return undefined;
  const amount = shared[Shared.amount]!;
  const message = {
    unstoppable: `a worker ran for ${amount} ms and could not be stopped`,
    memory: `it held ${amount} MB of memory, more than its ${Math.round(memoryBytes / 1024 / 1024)} MB`,
    silent: `its loop stood still for ${amount} ms`,
    protocol: "it wrote what it may not to the file of its entries",
    backlog: "it does not read what it is sent",
    crashed: "it crashed",
    killed: `somebody stopped it, and its loop stood still for ${amount} ms`,
  }[reason];
  return { reason, message, isolate: shared[Shared.isolate]! };
}
