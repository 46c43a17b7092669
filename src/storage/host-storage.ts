import type { StorageUse } from "./storage-ledger.ts";
import type { Stores } from "./stores.ts";

/** What accounts store, and what is left of the disk. */
export interface HostStorage {
  /** By name. */
  readonly accounts: readonly StorageUse[];
  /** Free space of the disk of the data folder; null without one, or where the system does not say. */
  readonly diskFreeBytes: number | null;
}

/** Counts what each account stores, one after the other, where that was not done yet. */
export async function hostStorage({ control, assets, ledger, disk }: Stores): Promise<HostStorage> {
  const named = control.listAccounts().map(({ id }) => id);
  const accounts = [...new Set([...named, ...(await assets.accounts())])].toSorted();
  for (const account of accounts) await ledger.open(account);
  await disk?.look();
  const freeBytes = disk?.freeBytes ?? Infinity;
  return {
    accounts: accounts.map((account) => ledger.useOf(account)),
    diskFreeBytes: freeBytes === Infinity ? null : freeBytes,
  };
}
