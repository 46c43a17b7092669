/** What an account may store. */
export interface AccountStorageOptions {
  /**
   * All that the account stores, in bytes: KV, versions, static assets. Caches have bounds of their own. See docs/storage.md.
   * @default 10737418240 (10 GiB); without a data folder 536870912 (512 MiB) of memory
   */
  readonly accountBytes?: number;
}

/** What accounts may store, and what is left of the disk. */
export interface StorageOptions extends AccountStorageOptions {
  /** Free space of the disk, in bytes, below which nobody may store more; 0 for none. @default 268435456 (256 MiB) */
  readonly minFreeBytes?: number;
}

const MIB = 1024 ** 2;

/** What holds for one account. */
export function storageBounds(
  inFolder: boolean,
  host: StorageOptions = {},
  account: AccountStorageOptions = {},
): Required<StorageOptions> {
  return {
    accountBytes: inFolder ? 10 * 1024 * MIB : 512 * MIB,
    minFreeBytes: 256 * MIB,
    ...host,
    ...account,
  };
}
