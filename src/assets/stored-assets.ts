import type { AssetInfo } from "./worker-assets.ts";

/** What is kept with a version of its assets: the list of its files has the rest. */
export interface StoredAssets extends Omit<AssetInfo, "binding"> {
  /** Name of the list in the account's store. */
  readonly manifest: string;
}
