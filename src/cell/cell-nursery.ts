import { CellChild, type ChildListener } from "./cell-child.ts";
import type { ProcessCellOptions } from "./cell-options.ts";
import { Frame } from "./protocol/frame.ts";
import { CellWatch } from "./supervision/cell-watch.ts";
import { lowerPriority, mayRaisePriority, restorePriority } from "./supervision/process-priority.ts";

/** Pause before a standby boots behind one that was taken: the moment belongs to whoever took it. */
const PAUSE_MS = 100;
/** Longest pause where standbys die before they are ready. */
const MAX_PAUSE_MS = 30_000;

export interface NurseryOptions extends ProcessCellOptions {
  /** Children that wait, booted, for a cell to need one. @default 0 */
  readonly standbys?: number | undefined;
}

interface Standby {
  readonly child: CellChild;
  ready: boolean;
}

/**
 * Where process cells get their children from. It keeps some booted that no cell has yet, so that a cell which
 * loses its child goes on at once. They boot at low priority where it can be given back later.
 */
export class CellNursery {
  readonly #options: ProcessCellOptions;
  readonly #count: number;
  readonly #watch = new CellWatch();
  readonly #mayNice = mayRaisePriority();
  readonly #standbys: Standby[] = [];
  /** All children that have not exited. */
  readonly #children = new Set<CellChild>();
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor({ standbys = 0, ...options }: NurseryOptions) {
    this.#options = options;
    this.#count = standbys;
    process.on("exit", this.#killAll);
  }

  /** An exit that nobody waits for leaves no child behind: one whose loop stands still would not notice. */
  readonly #killAll = (): void => {
    for (const child of this.#children) child.kill("crashed", "the host exits");
  };

  /** Standbys that a cell could take now and use at once. */
  get ready(): number {
    return this.#standbys.filter(({ ready }) => ready).length;
  }

  /** Gives a child to a cell: one that is ready, else one that boots. `listener` hears all that it says. */
  take(listener: ChildListener): CellChild {
    const found = this.#standbys.find(({ ready }) => ready) ?? this.#standbys[0];
    this.#refill(PAUSE_MS);
    if (found === undefined) return this.#spawn(listener);
    this.#standbys.splice(this.#standbys.indexOf(found), 1);
    const { child } = found;
    child.handTo(listener);
    if (this.#mayNice && child.pid !== undefined) restorePriority(child.pid);
    return child;
  }

  /** Ends all standbys, and the watch over all children. Resolves when they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#standbys.splice(0).map(({ child }) => child.close()));
    await this.#watch.close();
    process.off("exit", this.#killAll);
  }

  #refill(pauseMs: number): void {
    if (this.#closed || this.#timer !== undefined || this.#count === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#standbys.length >= this.#count) return;
      this.#boot();
      this.#refill(PAUSE_MS);
    }, pauseMs);
    this.#timer.unref();
  }

  #spawn(listener: ChildListener): CellChild {
    const child = new CellChild(this.#options, listener, this.#watch);
    this.#children.add(child);
    void child.exited.then(() => this.#children.delete(child));
    return child;
  }

  #boot(): void {
    const listener: ChildListener = {
      frame: (type) => {
        if (type !== Frame.ready) return child.kill("protocol", "it spoke before it was spoken to");
        standby.ready = true;
        this.#failures = 0;
      },
      gone: () => {
        this.#standbys.splice(this.#standbys.indexOf(standby), 1);
        if (!standby.ready) this.#failures++;
        this.#refill(Math.min(PAUSE_MS * 2 ** this.#failures, MAX_PAUSE_MS));
      },
    };
    const child = this.#spawn(listener);
    const standby: Standby = { child, ready: false };
    this.#standbys.push(standby);
    if (this.#mayNice && child.pid !== undefined) lowerPriority(child.pid);
  }
}
