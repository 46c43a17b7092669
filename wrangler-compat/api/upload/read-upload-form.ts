import type { AssetFiles, Control, UploadModule, WorkerAssets, WorkerUpload } from "../../../src/index.ts";
import { ApiError, Code } from "../api-error.ts";
import { readAssetConfig } from "../assets/read-asset-config.ts";
import type { UploadSessions } from "../assets/upload-sessions.ts";
import type { BodyContext } from "../body/read-body.ts";
import { readForm } from "../body/read-form.ts";
import type { Annotations } from "../annotations.ts";
import { checkSettings, readTailConsumers, type CloudflareSettings } from "../worker-settings.ts";
import { type Metadata, readMetadata } from "./metadata.ts";
import { readBindings } from "./read-bindings.ts";

/** An upload as it came, ready for the host's control. */
export interface UploadForm {
  readonly upload: WorkerUpload;
  readonly annotations: Annotations;
  readonly settings: Partial<CloudflareSettings>;
}

const TYPES: Readonly<Record<string, UploadModule["type"]>> = {
  "application/javascript+module": "esm",
  "application/javascript": "cjs",
  "application/wasm": "wasm",
  "application/octet-stream": "data",
  "text/plain": "text",
  "application/json": "json",
};
/** Code and source maps; limits of the account are often lower. */
const UPLOAD_BYTES = 128 * 1024 * 1024;
const SOURCE_MAP = "application/source-map";

/**
 * Reads the multipart form in which wrangler uploads a worker.
 * @throws ApiError saying what is wrong, or asks for what this host has not.
 */
export async function readUploadForm(
  context: BodyContext,
  { control, uploads }: { readonly control: Control; readonly uploads: UploadSessions },
  account: string,
  name: string,
): Promise<UploadForm> {
  const form = await readForm(context, UPLOAD_BYTES);
  const [field, second] = form.getAll("metadata");
  if (second !== undefined)
    throw new ApiError(400, Code.scriptRefused, 'The form has the field "metadata" more than once');
  const metadata = readMetadata(typeof field === "string" ? field : await field?.text());
  const main = metadata.main_module ?? metadata.body_part;
  const { modules, sourceMaps } = await readModules(form, metadata);
  const { cpu_ms, subrequests } = metadata.limits;
  const { "workers/alias": alias } = metadata.annotations;
  const { assetsBinding, ...bound } = readBindings(metadata, control.versions(name, account)[0]);
  const assets = assetsOf(metadata, assetsBinding, (token) => uploads.completed(token, account, name).files);
  const upload: WorkerUpload = {
    account,
    name,
    ...(main !== undefined ? { main, modules, sourceMaps } : noModules(modules)),
    ...bound,
    ...(assets !== undefined && { assets }),
    limits: {
      ...(cpu_ms !== undefined && { cpuMs: cpu_ms }),
      ...(subrequests !== undefined && { subrequests }),
    },
    ...(metadata.compatibility_date !== undefined && { compatibilityDate: metadata.compatibility_date }),
    compatibilityFlags: metadata.compatibility_flags,
    ...(alias !== undefined && { alias: alias.toLowerCase() }),
    ...(metadata.tail_consumers !== undefined && {
      tailConsumers: readTailConsumers(metadata.tail_consumers),
    }),
  };
  return { upload, annotations: metadata.annotations, settings: settingsOf(metadata) };
}

function assetsOf(
  { assets, keep_assets }: Metadata,
  binding: string | null,
  filesOf: (token: unknown) => AssetFiles,
): WorkerAssets | undefined {
  const bound = binding === null ? {} : { binding };
  if (assets !== undefined)
    return { files: filesOf(assets.jwt), config: readAssetConfig(assets.config), ...bound };
  if (keep_assets) return { files: "inherit", ...bound };
  if (binding === null) return undefined;
  throw new ApiError(
    400,
    Code.scriptRefused,
    `binding "${binding}" is of type assets, and the upload has none: it needs metadata.assets or keep_assets`,
  );
}

/** @throws ApiError 400 for modules none of which is the main one */
function noModules([module]: readonly UploadModule[]): object {
  if (module === undefined) return {};
  throw new ApiError(
    400,
    Code.scriptRefused,
    `module "${module.name}" is there, and metadata.main_module is not`,
  );
}

async function readModules(
  form: FormData,
  { body_part: script }: Metadata,
): Promise<{ modules: UploadModule[]; sourceMaps: Record<string, string> }> {
  const modules: UploadModule[] = [];
  const sourceMaps: [string, string][] = [];
  const problems: string[] = [];
  for (const [name, value] of form) {
    if (name === "metadata") continue;
    if (typeof value === "string") {
      problems.push(`the field "${name}" is no file`);
      continue;
    }
    const mime = value.type.split(";", 1)[0]!.trim().toLowerCase();
    if (mime === SOURCE_MAP) {
      sourceMaps.push([name.replace(/\.map$/, ""), await value.text()]);
      continue;
    }
    const type = name === script ? "script" : TYPES[mime];
    if (type === undefined) {
      problems.push(`module "${name}" is of type "${mime}", which this host does not support`);
      continue;
    }
    const asBytes = type === "wasm" || type === "data";
    modules.push({ name, type, content: asBytes ? await value.bytes() : await value.text() });
  }
  if (problems.length > 0) throw new ApiError(400, Code.scriptRefused, problems.join("; "));
  return { modules, sourceMaps: Object.fromEntries(sourceMaps) };
}

/** @throws ApiError 400 if they are too large */
function settingsOf({ tags, observability, logpush }: Metadata): Partial<CloudflareSettings> {
  const settings = {
    ...(tags !== undefined && { tags }),
    ...(observability !== undefined && { observability }),
    ...(logpush !== undefined && { logpush }),
  };
  checkSettings(settings);
  return settings;
}
