import { name } from "../../../src/config/document/config-reader.ts";
import type { ConfigScope } from "../config-scope.ts";
import type { BindingNames } from "./binding-names.ts";

/** Static assets of a config. */
export interface AssetSettings {
  /** Relative to the config's folder. */
  readonly directory: string;
  readonly binding: string | undefined;
  readonly htmlHandling: (typeof HTML)[number] | undefined;
  readonly notFoundHandling: (typeof NOT_FOUND)[number] | undefined;
  readonly runWorkerFirst: boolean | readonly string[] | undefined;
}

const HTML = ["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"] as const;
const NOT_FOUND = ["single-page-application", "404-page", "none"] as const;

/** `assets`: undefined where there are none. */
export function readAssets(scope: ConfigScope, names: BindingNames): AssetSettings | undefined {
  const { reader } = scope;
  const assets = reader.table(scope.of("assets"), "assets");
  if (assets === undefined) return undefined;
  scope.warnUnknown(assets, [
    "directory",
    "binding",
    "html_handling",
    "not_found_handling",
    "base_path",
    "run_worker_first",
  ]);
  reader.mustHave(assets, "directory", "the path of a folder");
  const directory = reader.string(assets, "directory", "the path of a folder", /\S/);
  const basePath = [...assets.path, "base_path"];
  if (reader.string(assets, "base_path") !== undefined)
    reader.problem(basePath, `${name(basePath)} asks for what Skerry does not have: assets below a path`);
  const first = Array.isArray(assets.value["run_worker_first"])
    ? reader.strings(assets, "run_worker_first")
    : reader.read(
        assets,
        "run_worker_first",
        "true, false or a list of patterns",
        (value) => typeof value === "boolean",
      );
  return {
    directory: directory ?? "",
    binding: Object.hasOwn(assets.value, "binding") ? names.read(assets, "binding") : undefined,
    htmlHandling: reader.oneOf(assets, "html_handling", HTML),
    notFoundHandling: reader.oneOf(assets, "not_found_handling", NOT_FOUND),
    runWorkerFirst: first,
  };
}
