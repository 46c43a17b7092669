import type { AssetOptions } from "../assets/asset-options.ts";
import type { ConfigReader, Section } from "./document/config-reader.ts";
import { given } from "./given.ts";

const KEYS = ["fileBytes", "versionFiles", "accountBytes", "unusedMs"];
const MAX_FILE_BYTES = 1024 ** 3;
const MAX_FILES = 100_000;
/** A deploy puts contents before a version names them: what a sweep must leave it to come to that. */
const MIN_UNUSED_MS = 600_000;
const MAX_UNUSED_MS = 365 * 86_400_000;

/** What static assets may take: the table `assets` of a host or of an account. */
export function readAssets(reader: ConfigReader, section: Section): AssetOptions | undefined {
  const assets = reader.table(section, "assets");
  if (!assets) return undefined;
  reader.only(assets, KEYS);
  return {
    ...given("fileBytes", reader.integer(assets, "fileBytes", 0, MAX_FILE_BYTES)),
    ...given("versionFiles", reader.integer(assets, "versionFiles", 0, MAX_FILES)),
    ...given("accountBytes", reader.integer(assets, "accountBytes", 0, 1024 ** 5)),
    ...given("unusedMs", reader.integer(assets, "unusedMs", MIN_UNUSED_MS, MAX_UNUSED_MS)),
  };
}
