import type { UnpackedPositions } from "./pack-positions.ts";
import type { Positions } from "./positions.ts";

/** Bytes that positions may take: all together, and those of one account. */
export interface KeptBounds {
  readonly all: number;
  readonly perAccount: number;
}

/** Room for those of some versions with the largest maps that there can be. */
const BOUNDS: KeptBounds = { all: 64 * 1024 ** 2, perAccount: 24 * 1024 ** 2 };

interface Kept extends UnpackedPositions {
  readonly account: string;
}

/** Positions of the versions that had errors last: a worker that fails once often fails again. */
export class KeptPositions {
  readonly #bounds: KeptBounds;
  /** By version; the one that was used longest ago first. */
  readonly #kept = new Map<string, Kept>();
  readonly #held = new Map<string, number>();
  #all = 0;

  constructor(bounds: KeptBounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** Bytes that are held. */
  get heldBytes(): number {
    return this.#all;
  }

  /** A version's positions; `read` is asked for those that are not there. Throws what `read` throws. */
  of(account: string, versionId: string, read: () => UnpackedPositions): Positions {
    const known = this.#kept.get(versionId);
    if (known !== undefined) {
      this.#kept.delete(versionId);
      this.#kept.set(versionId, known);
      return known.positions;
    }
    const made = read();
    if (made.sizeBytes <= this.#bounds.perAccount) this.#keep(versionId, { ...made, account });
    return made.positions;
  }

  #keep(versionId: string, made: Kept): void {
    this.#count(made.account, made.sizeBytes);
    for (const [id, kept] of this.#kept) {
      const isOver = this.#all > this.#bounds.all;
      if (!isOver && this.#heldBy(made.account) <= this.#bounds.perAccount) break;
      // Others give way only where all have too much together.
      if (isOver || kept.account === made.account) this.#drop(id, kept);
    }
    this.#kept.set(versionId, made);
  }

  #drop(versionId: string, { account, sizeBytes }: Kept): void {
    this.#kept.delete(versionId);
    this.#count(account, -sizeBytes);
  }

  #heldBy(account: string): number {
    return this.#held.get(account) ?? 0;
  }

  #count(account: string, bytes: number): void {
    this.#all += bytes;
    const held = this.#heldBy(account) + bytes;
    if (held > 0) this.#held.set(account, held);
    else this.#held.delete(account);
  }
}
