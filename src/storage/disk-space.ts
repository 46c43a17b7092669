import { statfsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { DiskLow } from "./disk-low.ts";

/** How old what is known of the disk may be while something is written, in ms. */
const LOOK_EVERY_MS = 1_000;

/** What a {@link DiskSpace} is made of. */
export interface DiskSpaceSetup {
  readonly folder: string;
  /** 0: nothing is kept, and nobody looks. */
  readonly minFreeBytes: number;
  /** A monotonic clock, in ms. @default performance.now */
  readonly now?: () => number;
}

/**
 * Keeps some of the disk free, so that the host itself can go on, and delete. The free space is looked up once a second
 * while something is written; what was written since is deducted from it.
 */
export class DiskSpace {
  readonly #setup: Required<DiskSpaceSetup>;
  #freeBytes: number;
  #writtenBytes = 0;
  #lookedMs: number;
  #looking: Promise<void> | null = null;
  #period = 0;

  constructor(setup: DiskSpaceSetup) {
    this.#setup = { now: () => performance.now(), ...setup };
    this.#freeBytes = setup.minFreeBytes === 0 ? Infinity : freeNow(setup.folder);
    this.#lookedMs = this.#setup.now();
  }

  /** What was free at the last look, in bytes; Infinity where nobody says. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** Counts so many bytes as written; false, and nothing counted, where they would leave too little. */
  take(bytes: number): boolean {
    const { minFreeBytes } = this.#setup;
    if (minFreeBytes === 0) return true;
    if (this.#looking === null && this.#setup.now() - this.#lookedMs >= LOOK_EVERY_MS) void this.look();
    if (this.#freeBytes - this.#writtenBytes - bytes < minFreeBytes) return false;
    this.#writtenBytes += bytes;
    return true;
  }

  /** Which look at the disk is the last; for {@link give}. */
  get period(): number {
    return this.#period;
  }

  /**
   * So many bytes were taken, and not written.
   * @param period when they were taken: what was before the last look is not deducted any more
   */
  give(bytes: number, period: number): void {
    if (period === this.#period && this.#setup.minFreeBytes > 0) this.#writtenBytes -= bytes;
  }

  /** @throws DiskLow where so many bytes more would leave too little */
  mustTake(bytes: number): void {
    if (!this.take(bytes)) throw new DiskLow();
  }

  /** Looks how much is free now. A disk that does not say so counts as one with room. */
  look(): Promise<void> {
    // Two at once would both take off what was written before them.
    this.#looking ??= this.#look();
    return this.#looking;
  }

  async #look(): Promise<void> {
    this.#period++;
    // What is written from here on may or may not be seen by the look: it stays deducted.
    const before = this.#writtenBytes;
    try {
      const { bavail, bsize } = await statfs(this.#setup.folder);
      this.#freeBytes = bavail * bsize;
    } catch {
      this.#freeBytes = Infinity;
    }
    this.#writtenBytes -= before;
    this.#lookedMs = this.#setup.now();
    this.#looking = null;
  }
}

function freeNow(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
