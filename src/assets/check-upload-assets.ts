import { assetConfigProblems } from "./check-config.ts";
import type { WorkerAssets } from "./worker-assets.ts";

/** The part of an upload that has to do with assets. */
interface UploadWithAssets {
  readonly main?: string;
  readonly modules?: readonly unknown[];
  readonly assets?: WorkerAssets;
  readonly vars?: object;
  readonly secrets?: object;
  readonly kvNamespaces?: readonly unknown[];
  readonly services?: readonly unknown[];
  readonly crons?: readonly unknown[];
}

const KEYS = ["files", "config", "binding"];
/** What only code can use. */
const FOR_CODE = ["vars", "secrets", "kvNamespaces", "services", "crons"] as const;

/** What is wrong with the assets of an upload, one line each; its files are the library's to check. */
export function assetUploadProblems(upload: UploadWithAssets): string[] {
  const { assets, main, modules } = upload;
  if (assets === undefined) return [];
  if (typeof assets !== "object" || assets === null) return ["assets must be an object with files"];
  const problems = Object.keys(assets)
    .filter((key) => !KEYS.includes(key))
    .map((key) => `assets.${key} is not known; the keys are ${KEYS.join(", ")}`);
  const { files, config } = assets;
  if (files !== "inherit" && (typeof files !== "object" || files === null))
    problems.push('assets.files must be an object of files by path, or "inherit"');
  if (config !== undefined) problems.push(...assetConfigProblems(config));
  if (main !== undefined || modules !== undefined) return problems;
  if (assets.binding !== undefined)
    problems.push("assets.binding stands in an upload without code, which has no env; leave it out");
  if ((config?.runWorkerFirst ?? false) !== false)
    problems.push("assets.config.runWorkerFirst stands in an upload without code; leave it out");
  for (const key of FOR_CODE)
    if (Object.keys(Object(upload[key])).length > 0)
      problems.push(
        `${key} stands in an upload without code, which could not use it; leave it out, or add main and modules`,
      );
  return problems;
}
