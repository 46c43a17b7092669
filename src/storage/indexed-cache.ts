import { type RoomBounds, SharedRoom } from "../limits/shared-room.ts";
import { BodyLeases } from "./body-leases.ts";
import type { CacheBodies } from "./cache-bodies.ts";
import { CacheBodyWriting } from "./cache-body-writing.ts";
import type { CacheIndexCalls, CacheRow, CacheUses } from "./cache-row.ts";
import type {
  CacheKey,
  CacheLatitude,
  CacheNames,
  CachePage,
  CacheQuota,
  CacheReading,
  CacheSelection,
  CacheStore,
  CacheWriting,
} from "./cache-store.ts";
import type { DiskSpace } from "./disk-space.ts";
import { Unavailable } from "./unavailable.ts";

const SWEEP_EVERY_MS = 30_000;
const USES_KEPT = 1_000;
/** What a response takes of the index beside its body, at most in most cases. */
const ROW_BYTES = 4_096;

/** Bytes of bodies that may be under way in memory, before they are in a file or in the index. */
const MEMORY: RoomBounds = { all: 256 * 1024 ** 2, perAccount: 64 * 1024 ** 2 };

/** A cache made of an index and of a place for large bodies. */
export class IndexedCache implements CacheStore {
  readonly #index: CacheIndexCalls;
  readonly #bodies: CacheBodies;
  readonly #leases: BodyLeases;
  readonly #now: () => number;
  /** Bytes that are being written, by account. */
  readonly #incoming = new Map<string, number>();
  readonly #memory = new SharedRoom(MEMORY);
  readonly #disk: Pick<DiskSpace, "mustTake"> | undefined;
  #uses = new Map<number, number>();
  #lastUse = 0;
  #sweeping: NodeJS.Timeout | null = null;

  /**
   * @param now ms since the epoch, for sweeping. @default Date.now
   * @param disk keeps some of the disk free. @default nobody does
   */
  constructor(
    index: CacheIndexCalls,
    bodies: CacheBodies,
    now: () => number = Date.now,
    disk?: Pick<DiskSpace, "mustTake">,
  ) {
    this.#disk = disk;
    this.#index = index;
    this.#bodies = bodies;
    this.#leases = new BodyLeases(bodies);
    this.#now = now;
  }

  async find(
    key: CacheKey,
    requestHeaders: string,
    nowMs: number,
    latitude: CacheLatitude = {},
  ): Promise<CacheReading | null> {
    return this.#used(key, await this.#index.find(key, requestHeaders, nowMs, latitude), nowMs);
  }

  async read(key: CacheKey, id: number, nowMs: number): Promise<CacheReading | null> {
    return this.#used(key, await this.#index.read(key, id, nowMs), nowMs);
  }

  async list(
    selection: CacheSelection,
    requestHeaders: string | null,
    afterId: number,
    nowMs: number,
  ): Promise<CachePage> {
    return await this.#index.list(selection, requestHeaders, afterId, nowMs);
  }

  async names(account: string, after: string): Promise<CacheNames> {
    return await this.#index.names(account, after);
  }

  write(account: string, quota: CacheQuota): CacheWriting {
    return new CacheBodyWriting({
      quota,
      bodies: this.#bodies,
      grow: (bytes, inMemory) => this.#grow(account, bytes, inMemory, quota),
      insert: async (row) => {
        // A response without a body takes some room, too.
        this.#disk?.mustTake(ROW_BYTES);
        this.#sweepLater(SWEEP_EVERY_MS);
        const gone = await this.#index.insert(row, this.#nextUse(row.head.storedMs), this.#takeUses());
        for (const name of gone) this.#leases.remove(name);
      },
    });
  }

  async delete(selection: CacheSelection, requestHeaders: string | null, nowMs: number): Promise<boolean> {
    let any = false;
    let last = 0;
    do {
      // An index in memory answers at once: others have their turn in between.
      if (last !== 0) await new Promise((resolve) => setImmediate(resolve));
      const { found, gone, upToId } = await this.#index.remove(selection, requestHeaders, nowMs, last);
      for (const name of gone) this.#leases.remove(name);
      any ||= found;
      last = upToId;
    } while (last !== 0);
    return any;
  }

  /** Removes what has expired, and has the index remember what was used; done by itself every while. */
  async sweep(): Promise<void> {
    for (;;) {
      const { gone, more } = await this.#index.sweep(this.#now(), this.#takeUses());
      for (const name of gone) this.#leases.remove(name);
      if (!more) return;
    }
  }

  async close(): Promise<void> {
    if (this.#sweeping !== null) clearTimeout(this.#sweeping);
    if (this.#uses.size > 0) await this.sweep().catch(() => {});
    await this.#index.close();
    await this.#bodies.close();
  }

  #used({ account }: CacheKey, row: CacheRow | null, nowMs: number): CacheReading | null {
    if (row === null) return null;
    // Before anything else: the answer to a later question may say that the body's file is gone.
    const reading = this.#reading(account, row);
    this.#uses.set(row.id, this.#nextUse(nowMs));
    if (this.#uses.size >= USES_KEPT) this.#sweepLater(0);
    return reading;
  }

  #reading(account: string, row: CacheRow): CacheReading {
    const { file, sizeBytes } = row;
    const release = file === null ? () => {} : this.#leases.take(file, account, sizeBytes ?? 0);
    return {
      ...row,
      whole: row.body,
      release,
      read: async (position, length) => {
        try {
          return await this.#bodies.read(file ?? "", position, length);
        } catch (cause) {
          throw new Unavailable("no", "a body of the cache cannot be read", { cause });
        }
      },
    };
  }

  /** Counts bytes that are being written; false, and nothing counted, if there is no room for more. */
  #grow(account: string, bytes: number, inMemory: number, quota: CacheQuota): boolean {
    const after = (this.#incoming.get(account) ?? 0) + bytes;
    if (bytes > 0 && after + this.#leases.doomedBytes(account) > quota.accountBytes) return false;
    if (bytes > 0) this.#disk?.mustTake(bytes);
    if (inMemory > 0 && !this.#memory.take(account, inMemory)) return false;
    if (inMemory < 0) this.#memory.give(account, -inMemory);
    if (after > 0) this.#incoming.set(account, after);
    else this.#incoming.delete(account);
    return true;
  }

  #nextUse(nowMs: number): number {
    // Grows with each use, and from one life of the host to the next.
    this.#lastUse = Math.max(this.#lastUse + 1, nowMs * 1_000);
    return this.#lastUse;
  }

  #takeUses(): CacheUses {
    const uses = [...this.#uses];
    this.#uses = new Map();
    return uses;
  }

  #sweepLater(delayMs: number): void {
    if (this.#sweeping !== null) return;
    this.#sweeping = setTimeout(() => {
      this.#sweeping = null;
      this.sweep().catch(() => {}); // the next one tries again
    }, delayMs).unref();
  }
}
