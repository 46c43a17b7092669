import type { DeploymentInfo, Note, VersionInfo, WorkerInfo } from "../../src/index.ts";
import type { Annotations } from "./annotations.ts";
import type { ApiRequest } from "./api-context.ts";
import { resolvedBindings } from "./upload/resolved-bindings.ts";
import { settingsOf } from "./worker-settings.ts";

/** By what a version came to be, as wrangler names it. */
const TRIGGER = "workers/triggered_by";

/**
 * What is kept of annotations, of who sent them, and with what.
 * @param trigger By what a version comes to be; left out for a deployment of versions that are there.
 */
export function noteOf(
  context: ApiRequest,
  annotations: Annotations,
  trigger?: "upload" | "version_upload" | "secret",
): Note {
  const source = context.req.header("user-agent")?.startsWith("wrangler/") === true ? "wrangler" : "api";
  const author = context.get("token").name;
  return { ...annotations, ...(trigger !== undefined && { [TRIGGER]: trigger }), author, source };
}

/** A version of a worker as Cloudflare's API shows it. */
export function versionForm(worker: WorkerInfo, version: VersionInfo): object {
  const { id, number, createdAtMs, note, compatibilityDate, compatibilityFlags, startupMs } = version;
  const { cpuMs, subrequests } = version.limits;
  const { author = "", source = "api", ...annotations } = note;
  const time = new Date(createdAtMs).toISOString();
  return {
    id,
    number,
    metadata: {
      created_on: time,
      modified_on: time,
      source,
      author_id: author,
      author_email: author,
      has_preview: settingsOf(worker).previews,
    },
    annotations,
    resources: {
      bindings: resolvedBindings(version),
      script: {
        etag: id.replaceAll("-", ""),
        // A list that is left out would end `versions view` of wrangler 3.
        handlers: version.handlers ?? [],
        last_deployed_from: source,
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
  const { author = "", source = "api", message, ...rest } = note;
  const annotations = message === undefined ? rest : { "workers/message": message, ...rest };
  return {
    id: String(id),
    source,
    strategy: "percentage",
    author_email: author,
    created_on: new Date(createdAtMs).toISOString(),
    annotations,
    versions: versions.map(({ versionId, percent }) => ({ version_id: versionId, percentage: percent })),
  };
}
