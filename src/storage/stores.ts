import type { AssetStore } from "./asset-store.ts";
import type { CacheStore } from "./cache-store.ts";
import type { ControlStore } from "./control-store.ts";
import type { KvStore } from "./kv-store.ts";

/** All that a host keeps: what layers above storage are given. */
export interface Stores extends AsyncDisposable {
  readonly control: ControlStore;
  readonly kv: KvStore;
  readonly cache: CacheStore;
  readonly assets: AssetStore;
  /** Writes what waits and closes everything. */
  close(): Promise<void>;
}
