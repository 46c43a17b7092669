import { openCacheFolder, openMemoryCache } from "../../src/storage/open-cache.ts";
import type {
  CacheHead,
  CacheKey,
  CacheQuota,
  CacheReading,
  CacheStore,
} from "../../src/storage/cache-store.ts";
import type { IndexedCache } from "../../src/storage/indexed-cache.ts";

export const NOW = 1_700_000_000_000;
export const ROOMY: CacheQuota = { accountBytes: 2 ** 30, accountEntries: 1_000, totalBytes: 2 ** 31 };

/** Both kinds of store that a host can have. */
export const STORES: Readonly<Record<string, (folder: string) => IndexedCache>> = {
  memory: () => openMemoryCache(() => NOW),
  folder: (folder) => openCacheFolder(folder, () => NOW),
};

export function keyOf(text: string, account = "acme", cache = ""): CacheKey {
  return { account, cache, key: new TextEncoder().encode(text.padEnd(32, ".")) };
}

export function headOf(more: Partial<CacheHead> = {}): CacheHead {
  return {
    status: 200,
    statusText: "OK",
    headers: "content-type\ntext/plain",
    url: "http://a/",
    vary: [],
    source: null,
    storedMs: NOW,
    expiresMs: NOW + 60_000,
    ageS: 0,
    ...more,
  };
}

/** Stores `sizeBytes` bytes of one value, in uneven pieces. */
export async function store(
  cache: CacheStore,
  key: CacheKey,
  sizeBytes: number,
  fill: number,
  more: { head?: Partial<CacheHead>; quota?: Partial<CacheQuota> } = {},
): Promise<void> {
  const quota = { ...ROOMY, ...more.quota };
  const writing = cache.write(key.account, quota);
  try {
    for (let left = sizeBytes; left > 0; left -= 50_000)
      await writing.write(new Uint8Array(Math.min(left, 50_000)).fill(fill));
    await writing.commit(key, headOf(more.head), true);
  } catch (error) {
    await writing.abort();
    throw error;
  }
}

/** The size of a body and the value of its bytes; throws if they are not all the same. */
export async function weigh(reading: CacheReading | null): Promise<{ size: number; fill: number } | null> {
  if (reading === null) return null;
  const size = reading.sizeBytes ?? 0;
  const bytes = reading.whole ?? (await reading.read(0, size));
  const fill = bytes[0] ?? -1;
  if (bytes.length !== size || bytes.some((byte) => byte !== fill)) throw new Error("the body is torn");
  return { size, fill };
}

/** What is found under a key, let go again. */
export async function look(
  cache: CacheStore,
  key: CacheKey,
  nowMs = NOW,
  headers = "",
): Promise<{ size: number; fill: number } | null> {
  const reading = await cache.find(key, headers, nowMs);
  try {
    return await weigh(reading);
  } finally {
    reading?.release();
  }
}
