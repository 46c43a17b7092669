import type { AssetLibrary } from "../assets/asset-library.ts";
import type { StoredAssets } from "../assets/stored-assets.ts";
import type { WorkerUpload } from "../host-options.ts";
import type { ControlStore } from "../storage/control-store.ts";
import { InvalidUpload } from "./invalid-upload.ts";
import type { VersionConfig } from "./version-config.ts";

/**
 * Keeps the list of an upload's files, or finds that of the worker's newest version.
 * @returns undefined where the version has no assets
 * @throws InvalidAssets, AssetsFull, InvalidUpload
 */
export async function assetsOfUpload(
  library: AssetLibrary,
  control: ControlStore,
  account: string,
  { name, main, assets }: WorkerUpload,
): Promise<StoredAssets | undefined> {
  if (assets === undefined) return undefined;
  const { files, config, binding } = assets;
  if (files !== "inherit") return await library.publish(account, files, config ?? {});
  const [newest] = control.listVersions(account, name);
  const before = newest && (JSON.parse(newest.configJson) as VersionConfig).assets;
  if (before !== undefined) return await library.inherit(account, before, config);
  if (binding === undefined && main !== undefined) return undefined;
  throw new InvalidUpload([`assets.files is "inherit", but worker "${name}" has no version with assets`]);
}
