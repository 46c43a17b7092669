import type { AssetStore } from "./asset-store.ts";
import type { CacheStore } from "./cache-store.ts";
import type { ControlStore } from "./control-store.ts";
import type { DiskSpace } from "./disk-space.ts";
import type { KvStore } from "./kv-store.ts";
import type { StorageLedger } from "./storage-ledger.ts";

/** All that a host keeps: what layers above storage are given. */
export interface Stores extends AsyncDisposable {
  readonly control: ControlStore;
  readonly kv: KvStore;
  readonly cache: CacheStore;
  readonly assets: AssetStore;
  /** How much accounts store and may; static assets are counted by the layer above. */
  readonly ledger: StorageLedger;
  /** What is left of the disk; null where there is none. */
  readonly disk: DiskSpace | null;
  /** Writes what waits and closes everything. */
  close(): Promise<void>;
}
