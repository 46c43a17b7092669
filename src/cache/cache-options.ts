/** What the Cache API of a host's workers may keep. Sizes are in bytes. */
export interface CacheOptions {
  /** Largest body of one response. @default 536870912 (512 MiB) */
  readonly objectBytes?: number;
  /** All that one account keeps. @default 1073741824 (1 GiB); without a data folder 67108864 (64 MiB) of memory */
  readonly accountBytes?: number;
  /** Responses that one account keeps. @default 100000 */
  readonly accountEntries?: number;
  /** All that all accounts keep. @default 10737418240 (10 GiB); without a data folder 268435456 (256 MiB) */
  readonly totalBytes?: number;
}

/** Where an account differs from its host. */
export type AccountCacheOptions = Omit<CacheOptions, "totalBytes">;

const MIB = 1024 ** 2;

/** What holds for one account. */
export function cacheBounds(
  inFolder: boolean,
  host: CacheOptions = {},
  account: AccountCacheOptions = {},
): Required<CacheOptions> {
  return {
    objectBytes: 512 * MIB,
    accountBytes: inFolder ? 1024 * MIB : 64 * MIB,
    accountEntries: 100_000,
    totalBytes: inFolder ? 10 * 1024 * MIB : 256 * MIB,
    ...host,
    ...account,
  };
}
