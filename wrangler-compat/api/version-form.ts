import type { DeploymentInfo, Note, TokenInfo, VersionInfo, WorkerInfo } from "../../src/index.ts";
import type { Annotations } from "./annotations.ts";
import { resolvedBindings } from "./upload/resolved-bindings.ts";
import { settingsOf } from "./worker-settings.ts";

/** What is kept of annotations and of who sent them. */
export function noteOf(annotations: Annotations, { name }: TokenInfo): Note {
  return { ...annotations, author: name };
}

/** A version of a worker as Cloudflare's API shows it. */
export function versionForm(worker: WorkerInfo, version: VersionInfo): object {
  const { id, number, createdAtMs, note, compatibilityDate, compatibilityFlags, startupMs } = version;
  const { cpuMs, subrequests } = version.limits;
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
      has_preview: settingsOf(worker).previews,
    },
    annotations: { "workers/triggered_by": "version_upload", ...annotations },
    resources: {
      bindings: resolvedBindings(version),
      script: {
        etag: id.replaceAll("-", ""),
        // A list that is left out would end `versions view` of wrangler 3.
        handlers: version.handlers ?? [],
        last_deployed_from: "wrangler",
      },
      script_runtime: {
        compatibility_date: compatibilityDate,
        compatibility_flags: compatibilityFlags,
        usage_model: "standard",
        limits: {
          ...(cpuMs !== undefined && { cpu_ms: cpuMs }),
          ...(subrequests !== undefined && { subrequests }),
        },
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
