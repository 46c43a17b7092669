import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { ConfigDocument } from "../../src/config/document/config-document.ts";
import { ConfigError } from "../../src/config/document/config-error.ts";
import { type AssetConfig, assetRuleProblems, type WorkerAssets } from "../../src/index.ts";
import type { AssetSettings } from "../config/readers/read-assets.ts";
import { collectAssets, type CollectedAssets } from "./collect-assets.ts";

/** The static assets of a project. */
export interface LoadedAssets extends CollectedAssets {
  /** What an upload says of them. */
  readonly upload: WorkerAssets;
  /** Lines of `_headers` and `_redirects` that have no effect. */
  readonly warnings: readonly string[];
}

/**
 * Collects the assets that a config names.
 * @param folder the config's
 * @throws ConfigError if there is no such folder; AssetsRefused
 */
export async function loadAssets(
  document: ConfigDocument,
  folder: string,
  { directory, binding, htmlHandling, notFoundHandling, runWorkerFirst }: AssetSettings,
): Promise<LoadedAssets> {
  const from = resolve(folder, directory);
  if (statSync(from, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const path = ["assets", "directory"];
    const place = document.positionOf(path);
    const message = `"assets.directory" is ${JSON.stringify(directory)}, but there is no such folder beside the config`;
    throw new ConfigError(document.file, [{ path, message, line: place?.line, column: place?.column }]);
  }
  const collected = await collectAssets(from);
  const { files, headers, redirects } = collected;
  const config: AssetConfig = {
    ...(htmlHandling !== undefined && { htmlHandling }),
    ...(notFoundHandling !== undefined && { notFoundHandling }),
    ...(runWorkerFirst !== undefined && { runWorkerFirst }),
    ...(headers !== undefined && { headers }),
    ...(redirects !== undefined && { redirects }),
  };
  const upload = { files, config, ...(binding !== undefined && { binding }) };
  return { ...collected, upload, warnings: assetRuleProblems(config) };
}
