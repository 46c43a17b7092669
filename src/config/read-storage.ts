import type { AccountStorageOptions, StorageOptions } from "../storage/storage-options.ts";
import type { ConfigReader, Section } from "./document/config-reader.ts";
import { given } from "./given.ts";

const MAX_BYTES: number = 1024 ** 5;

/** What accounts may store: the table `storage` of a host. */
export function readStorage(reader: ConfigReader, root: Section): StorageOptions | undefined {
  const storage = reader.table(root, "storage");
  if (!storage) return undefined;
  reader.only(storage, ["accountBytes", "minFreeBytes"]);
  return {
    ...given("accountBytes", reader.integer(storage, "accountBytes", 0, MAX_BYTES)),
    ...given("minFreeBytes", reader.integer(storage, "minFreeBytes", 0, MAX_BYTES)),
  };
}

/** The same of an account, whose disk is that of all. */
export function readAccountStorage(
  reader: ConfigReader,
  account: Section,
): AccountStorageOptions | undefined {
  const storage = reader.table(account, "storage");
  if (!storage) return undefined;
  reader.only(storage, ["accountBytes"]);
  return given("accountBytes", reader.integer(storage, "accountBytes", 0, MAX_BYTES));
}
