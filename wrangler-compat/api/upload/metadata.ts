import { ApiError, Code } from "../api-error.ts";
import { readAnnotations } from "../annotations.ts";
import type { BindingForm } from "./resolved-bindings.ts";

/** The field `metadata` of an upload, as far as anything depends on it. */
export interface Metadata {
  readonly main_module?: string;
  readonly body_part?: string;
  readonly bindings: readonly BindingForm[];
  readonly keep_bindings: readonly string[];
  readonly compatibility_date?: string;
  readonly compatibility_flags: readonly string[];
  readonly limits: { readonly cpu_ms?: number; readonly subrequests?: number };
  readonly annotations: Readonly<Record<string, string>>;
  readonly tags?: readonly string[] | null;
  readonly tail_consumers?: unknown;
  readonly observability?: unknown;
  readonly logpush?: boolean;
  readonly assets?: { readonly jwt: unknown; readonly config: unknown };
  /** The assets are those of the version before. */
  readonly keep_assets: boolean;
}

/** Of bindings, flags and so on. */
const MOST_ENTRIES = 1_000;

/** What an upload may ask for and this host cannot give. */
const REFUSED: Readonly<Record<string, string>> = {
  migrations: "Durable Objects",
  exports: "Durable Objects",
  containers: "Containers",
};

/**
 * Reads the metadata of an upload.
 * @throws ApiError naming every field that is wrong.
 */
export function readMetadata(text: unknown): Metadata {
  const value = parse(text);
  const problems: string[] = [];
  const list = (field: string): readonly unknown[] => {
    const found = value[field] ?? [];
    if (Array.isArray(found) && found.length <= MOST_ENTRIES) return found;
    problems.push(`metadata.${field} must be a list of at most ${MOST_ENTRIES} entries`);
    return [];
  };
  for (const [field, what] of Object.entries(REFUSED))
    if (value[field] !== undefined && value[field] !== null)
      problems.push(`this host does not support ${what} yet`);
  const bindings = list("bindings");
  for (const [index, binding] of bindings.entries()) {
    const { name, type } = Object(binding) as Partial<BindingForm>;
    if (typeof name !== "string" || typeof type !== "string")
      problems.push(`metadata.bindings[${index}] needs the texts "name" and "type"`);
  }
  const keep = list("keep_bindings");
  const flags = list("compatibility_flags");
  for (const field of ["main_module", "body_part", "compatibility_date"])
    if (value[field] !== undefined && typeof value[field] !== "string")
      problems.push(`metadata.${field} must be a text`);
  const assets = value["assets"] ?? undefined;
  if (assets !== undefined && (typeof assets !== "object" || Array.isArray(assets)))
    problems.push("metadata.assets must be an object");
  const keepAssets = value["keep_assets"] === true && assets === undefined;
  const mains = ["main_module", "body_part"].filter((field) => value[field] !== undefined);
  const hasAssets = assets !== undefined || keepAssets;
  if (mains.length > 1 || (mains.length === 0 && !hasAssets))
    problems.push('metadata needs one of "main_module" and "body_part", or assets alone');
  if (problems.length > 0) throw new ApiError(400, Code.scriptRefused, problems.join("; "));
  return {
    ...value,
    ...(assets !== undefined && { assets: assets as NonNullable<Metadata["assets"]> }),
    keep_assets: keepAssets,
    bindings: bindings as readonly BindingForm[],
    keep_bindings: keep as readonly string[],
    compatibility_flags: flags as readonly string[],
    limits: Object(value["limits"] ?? {}) as Metadata["limits"],
    annotations: readAnnotations(value["annotations"]),
  };
}

function parse(text: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(text));
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new ApiError(400, Code.scriptRefused, 'The form needs a field "metadata" with a JSON object');
}
