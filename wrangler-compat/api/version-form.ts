import type { DeploymentInfo, Note, TokenInfo, VersionInfo } from "../../src/index.ts";
import type { Annotations } from "./annotations.ts";
import { resolvedBindings } from "./upload/resolved-bindings.ts";

/** What is kept of annotations and of who sent them. */
export function noteOf(annotations: Annotations, { name }: TokenInfo): Note {
  return { ...annotations, author: name };
}

/** A version as Cloudflare's API shows it. */
export function versionForm(version: VersionInfo): object {
  const { id, number, createdAtMs, note, compatibilityDate, compatibilityFlags, startupMs } = version;
  const { author = "", ...annotations } = note;
  const time = new Date(createdAtMs).toISOString();
  return {
    id,
    number,
    metadata: {
      created_on: time,
      modified_on: time,
      source: "wrangler",
      author_id: author,
      author_email: author,
      has_preview: true,
    },
    annotations: { "workers/triggered_by": "version_upload", ...annotations },
    resources: {
      bindings: resolvedBindings(version),
      script: { etag: id.replaceAll("-", ""), handlers: ["fetch"], last_deployed_from: "wrangler" },
      script_runtime: {
        compatibility_date: compatibilityDate,
        compatibility_flags: compatibilityFlags,
        usage_model: "standard",
        limits: {},
      },
    },
    startup_time_ms: Math.round(startupMs),
  };
}

/** A deployment as Cloudflare's API shows it. */
export function deploymentForm({ id, createdAtMs, note, versions }: DeploymentInfo): object {
  const { author = "", message, ...rest } = note;
  const annotations = message === undefined ? rest : { "workers/message": message, ...rest };
  return {
    id: String(id),
    source: "wrangler",
    strategy: "percentage",
    author_email: author,
    created_on: new Date(createdAtMs).toISOString(),
    annotations,
    versions: versions.map(({ versionId, percent }) => ({ version_id: versionId, percentage: percent })),
  };
}
