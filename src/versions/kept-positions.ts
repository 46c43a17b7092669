import type { RoomBounds } from "../limits/shared-room.ts";
import type { UnpackedPositions } from "./pack-positions.ts";
import { NO_POSITIONS, type Positions } from "./positions.ts";
import { ReadBudget } from "./read-budget.ts";

/** Bytes that positions may take: room for those of some versions with the largest maps that there can be. */
const BOUNDS: RoomBounds = { all: 64 * 1024 ** 2, perAccount: 24 * 1024 ** 2 };

/** What a read of the smallest positions costs the host's loop, in microseconds. */
const READ_US = 100;
/** Bytes that the loop reads, or makes of what it read, in a microsecond. */
const BYTES_PER_US = 250;

/** What is kept of positions that are broken or too large, so that they are not read again. */
export const UNREADABLE: UnpackedPositions = { positions: NO_POSITIONS, sizeBytes: 256 };

/** Positions, and how many bytes had to be read for them. */
export interface ReadPositions extends UnpackedPositions {
  readonly readBytes: number;
}

export interface KeptPositionsOptions {
  /** A clock that only goes forward, in ms. @default performance.now */
  readonly nowMs?: () => number;
  /** Hears what reading costs, in ms. */
  readonly spent?: (account: string, tookMs: number) => void;
}

interface Kept extends UnpackedPositions {
  readonly account: string;
}

/**
 * Positions of the versions that had errors last: a worker that fails once often fails again. Each read is charged to
 * its account, and one that has had too many gets none for a while.
 */
export class KeptPositions {
  readonly #bounds: RoomBounds;
  /** By version; the one that was used longest ago first. */
  readonly #kept = new Map<string, Kept>();
  readonly #held = new Map<string, number>();
  readonly #budget: ReadBudget;
  readonly #spent: (account: string, tookMs: number) => void;
  #all = 0;

  constructor(
    bounds: RoomBounds = BOUNDS,
    { nowMs = () => performance.now(), spent = () => {} }: KeptPositionsOptions = {},
  ) {
    this.#bounds = bounds;
    this.#budget = new ReadBudget(nowMs);
    this.#spent = spent;
  }

  /** Bytes that are held. */
  get heldBytes(): number {
    return this.#all;
  }

  /**
   * A version's positions; `read` is asked for those that are not there. None where the account has had too much read,
   * or where they are larger than its part. Throws what `read` throws.
   */
  of(account: string, versionId: string, read: () => ReadPositions): Positions {
    const known = this.#kept.get(versionId);
    if (known !== undefined) {
      this.#kept.delete(versionId);
      this.#kept.set(versionId, known);
      return known.positions;
    }
    if (!this.#budget.has(account)) return NO_POSITIONS;
    let bytes = 0;
    try {
      const made = read();
      bytes = made.readBytes + made.sizeBytes;
      const { positions, sizeBytes } = made.sizeBytes <= this.#bounds.perAccount ? made : UNREADABLE;
      this.#keep(versionId, { positions, sizeBytes, account });
      return positions;
    } finally {
      const us = READ_US + bytes / BYTES_PER_US;
      this.#budget.charge(account, us);
      this.#spent(account, us / 1_000);
    }
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
