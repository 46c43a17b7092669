import type { WorkerInfo } from "../../src/index.ts";
import { accountOf, type ApiApp, type ApiOptions, audit, jsonBody, part } from "./api-context.ts";
import type { UploadSessions } from "./assets/upload-sessions.ts";
import { ApiError, Code, scriptNotFound } from "./api-error.ts";
import { page, success } from "./envelope.ts";
import { readUploadForm } from "./upload/read-upload-form.ts";
import type { UploadRetries } from "./upload/upload-retries.ts";
import { resolvedBindings } from "./upload/resolved-bindings.ts";
import { noteOf } from "./version-form.ts";
import { previewSuffix, workerUrl } from "./worker-address.ts";
import { changeSettings, checkSettings, mustFind, readTailConsumers, settingsOf } from "./worker-settings.ts";

const WORKERS = "/accounts/:account/workers";
const SCRIPT = `${WORKERS}/scripts/:name`;

/** Workers as such: upload with all traffic, settings, their own host name, deletion. */
export function addScriptRoutes(
  app: ApiApp,
  options: ApiOptions,
  uploads: UploadSessions,
  retries: UploadRetries,
): void {
  const { control } = options;
  app.get(`${WORKERS}/scripts`, (context) => {
    const account = accountOf(context, "read");
    const scripts = control.workers(account).map(({ name, createdAtMs }) => ({
      id: name,
      created_on: new Date(createdAtMs).toISOString(),
    }));
    return page(scripts, new URL(context.req.url), 100);
  });
  app.get(`${WORKERS}/services/:name`, (context) => {
    const account = accountOf(context, "read");
    const name = part(context, "name");
    const worker = control.worker(name, account);
    if (worker === undefined)
      throw new ApiError(404, Code.serviceNotFound, "This service does not exist on your account.");
    const script = {
      id: name,
      tag: tagOf(worker),
      tags: settingsOf(worker).tags,
      last_deployed_from: "wrangler",
    };
    return success({
      id: name,
      default_environment: { environment: "production", script },
      created_on: new Date(worker.createdAtMs).toISOString(),
    });
  });
  app.get(`${WORKERS}/workers/:name`, (context) => {
    const account = accountOf(context, "read");
    const worker = mustFind(control, account, part(context, "name"));
    const { subdomain, previews, tags, observability, logpush } = settingsOf(worker);
    return success({
      id: tagOf(worker),
      name: worker.name,
      created_on: new Date(worker.createdAtMs).toISOString(),
      logpush,
      tags: tags ?? [],
      tail_consumers: consumersOf(worker),
      observability,
      references: {},
      subdomain: {
        enabled: subdomain,
        previews_enabled: previews,
        url: workerUrl(options, account, worker.name),
        preview_url_suffix: previewSuffix(options, account, worker.name),
      },
    });
  });
  app.put(SCRIPT, async (context) => {
    const account = accountOf(context, "deploy");
    const name = part(context, "name");
    const form = await readUploadForm(context, { control, uploads }, account, name);
    const { upload, annotations, settings } = form;
    const version = await retries.once(
      { how: "deploy", token: context.get("token").id, form, after: context.get("after") },
      context.req.raw.signal,
      (id) => {
        const shares = control.deployments(name, account)[0]?.versions ?? [];
        const hasAll = shares.length === 1 && shares[0]?.versionId === id;
        return hasAll && control.versions(name, account)[0]?.id === id;
      },
      async () => await control.deploy(upload, noteOf(context, annotations, "upload")),
    );
    audit(context, options, account, "deploy", `${name} ${version.id}`);
    await changeSettings(options, account, name, settings);
    return success({
      id: name,
      tag: tagOf(mustFind(control, account, name)),
      etag: version.id.replaceAll("-", ""),
      handlers: version.handlers ?? [],
      deployment_id: version.id.replaceAll("-", ""),
      startup_time_ms: Math.round(version.startupMs),
      created_on: new Date(version.createdAtMs).toISOString(),
      modified_on: new Date(version.createdAtMs).toISOString(),
    });
  });
  app.get(`${SCRIPT}/settings`, (context) => {
    const account = accountOf(context, "read");
    const name = part(context, "name");
    const [latest] = control.versions(name, account);
    if (latest === undefined) throw scriptNotFound();
    const { compatibilityDate, compatibilityFlags } = latest;
    return success({
      bindings: resolvedBindings(latest),
      compatibility_date: compatibilityDate,
      compatibility_flags: compatibilityFlags,
      usage_model: "standard",
      tags: settingsOf(mustFind(control, account, name)).tags,
    });
  });
  app.get(`${SCRIPT}/script-settings`, (context) => {
    const account = accountOf(context, "read");
    return success(scriptSettings(mustFind(control, account, part(context, "name"))));
  });
  app.patch(`${SCRIPT}/script-settings`, async (context) => {
    const account = accountOf(context, "deploy");
    const name = part(context, "name");
    const { tags, tail_consumers, observability, logpush } = await jsonBody<ScriptSettings>(context);
    const change = {
      ...(tags !== undefined && { tags }),
      ...(tail_consumers !== undefined && { tailConsumers: readTailConsumers(tail_consumers) }),
      ...(observability !== undefined && { observability }),
      ...(logpush !== undefined && { logpush }),
    };
    checkSettings(change);
    await changeSettings(options, account, name, change);
    audit(context, options, account, "script-settings", name);
    return success(scriptSettings(mustFind(control, account, name)));
  });
  app.get(`${SCRIPT}/subdomain`, (context) => {
    const account = accountOf(context, "read");
    const { subdomain, previews } = settingsOf(mustFind(control, account, part(context, "name")));
    return success({ enabled: subdomain, previews_enabled: previews });
  });
  app.post(`${SCRIPT}/subdomain`, async (context) => {
    const account = accountOf(context, "deploy");
    const name = part(context, "name");
    const { enabled, previews_enabled } = await jsonBody<{ enabled: boolean; previews_enabled: boolean }>(
      context,
    );
    const { subdomain, previews } = await changeSettings(options, account, name, {
      ...(typeof enabled === "boolean" && { subdomain: enabled }),
      // Where nothing is said of previews they are as the worker's own name is.
      ...(typeof (previews_enabled ?? enabled) === "boolean" && { previews: previews_enabled ?? enabled }),
    });
    audit(context, options, account, "subdomain", name);
    return success({ enabled: subdomain, previews_enabled: previews });
  });
  for (const path of [`${WORKERS}/services/:name`, SCRIPT]) {
    app.delete(path, async (context) => {
      const account = accountOf(context, "deploy");
      const name = part(context, "name");
      if (!(await control.delete(name, account))) throw scriptNotFound();
      audit(context, options, account, "delete", name);
      return success(null);
    });
  }
}

interface ScriptSettings {
  readonly tags: readonly string[] | null;
  readonly tail_consumers: unknown;
  readonly observability: unknown;
  readonly logpush: boolean;
}

function scriptSettings(worker: WorkerInfo): ScriptSettings {
  const { tags, observability, logpush } = settingsOf(worker);
  return { tags, tail_consumers: consumersOf(worker), observability, logpush };
}

function consumersOf({ tailConsumers }: WorkerInfo): { readonly service: string }[] {
  return tailConsumers.map((service) => ({ service }));
}

/** An id that stays the worker's own while it is there. */
function tagOf({ name, createdAtMs }: WorkerInfo): string {
  return `${name}-${createdAtMs.toString(36)}`;
}
