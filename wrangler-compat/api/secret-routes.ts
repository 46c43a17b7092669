import { allows, type Control } from "../../src/index.ts";
import { readAnnotations } from "./annotations.ts";
import {
  accountOf,
  type ApiApp,
  type ApiOptions,
  type ApiRequest,
  audit,
  jsonBody,
  part,
} from "./api-context.ts";
import { ApiError, Code } from "./api-error.ts";
import { readForm } from "./body/read-form.ts";
import { failure, success, wholePage } from "./envelope.ts";
import { resolvedBindings } from "./upload/resolved-bindings.ts";
import { noteOf, versionForm } from "./version-form.ts";
import { mustFind } from "./worker-settings.ts";

const WORKERS = "/accounts/:account/workers";
const SCRIPT = `${WORKERS}/scripts/:name`;
const TYPE = "secret_text";
const SETTINGS_BYTES = 4 * 1024 * 1024;

interface SecretForm {
  readonly name: string;
  readonly text: string;
  readonly type: string;
}

interface VersionPatch {
  readonly env: unknown;
  readonly annotations: unknown;
}

/** Secrets of a worker: put, listed by name, deleted, several at once. */
export function addSecretRoutes(app: ApiApp, options: ApiOptions): void {
  const { control } = options;
  app.get(`${SCRIPT}/secrets`, (context) => {
    const account = accountOf(context, "read");
    const { name } = mustFind(control, account, part(context, "name"));
    const secrets = control.secrets.list(name, account).map((secret) => ({ name: secret, type: TYPE }));
    return wholePage(secrets, new URL(context.req.url));
  });
  app.put(`${SCRIPT}/secrets`, async (context) => {
    const account = accountOf(context, "secrets");
    const { name } = mustFind(control, account, part(context, "name"));
    const form = await jsonBody<SecretForm>(context);
    const [secret, text] = [form.name ?? "", textOf(form.name ?? "", form)];
    mustBeDeployed(control, account, name, Code.versionNotDeployed);
    await control.secrets.put(name, secret, text, account, noteOf(context, {}, "secret"));
    audit(context, options, account, "secret-put", `${name} ${secret}`);
    return success({ name: secret, type: TYPE });
  });
  app.delete(`${SCRIPT}/secrets/:secret`, async (context) => {
    const account = accountOf(context, "secrets");
    const { name } = mustFind(control, account, part(context, "name"));
    const secret = part(context, "secret");
    mustBeDeployed(control, account, name, Code.versionNotDeployed);
    if (!(await control.secrets.delete(name, secret, account, noteOf(context, {}, "secret"))))
      throw new ApiError(404, Code.noSuchSecret, `The worker has no secret "${secret.slice(0, 128)}"`);
    audit(context, options, account, "secret-delete", `${name} ${secret}`);
    return success(null);
  });
  app.patch(`${SCRIPT}/secrets-bulk`, async (context) => {
    const account = accountOf(context, "secrets");
    const { name } = mustFind(control, account, part(context, "name"));
    const { secrets = {} } = await jsonBody<{ secrets: unknown }>(context);
    const changes = textsOf(secrets);
    mustBeDeployed(control, account, name, Code.versionNotDeployed);
    await control.secrets.change(name, changes, account, noteOf(context, {}, "secret"));
    const names = Object.keys(changes);
    audit(context, options, account, "secrets-bulk", `${name} ${names.join(" ")}`);
    return success({
      secrets: Object.fromEntries(names.map((secret) => [secret, { name: secret, type: TYPE }])),
    });
  });
  // How wrangler 3 puts several: all bindings again, of which only secrets with a text are new.
  app.patch(`${SCRIPT}/settings`, async (context) => {
    const account = accountOf(context, "secrets");
    const { name } = mustFind(control, account, part(context, "name"));
    const changes = await changesOf(context);
    mustBeDeployed(control, account, name, Code.settingsNotDeployed);
    if (Object.keys(changes).length > 0)
      await control.secrets.change(name, changes, account, noteOf(context, {}, "secret"));
    audit(context, options, account, "secrets-bulk", `${name} ${Object.keys(changes).join(" ")}`);
    const shown = mayRead(context, account) ? resolvedBindings(control.versions(name, account)[0]!) : [];
    return success({ bindings: shown });
  });
  // `wrangler versions secret`: a merge patch of the newest version, of which a new one is made.
  app.patch(`${WORKERS}/workers/:name/versions/latest`, async (context) => {
    const account = accountOf(context, "secrets");
    const worker = mustFind(control, account, part(context, "name"));
    const { name } = worker;
    if (control.versions(name, account).length === 0)
      throw new ApiError(404, Code.noVersions, "This Worker has no versions.");
    const { env = {}, annotations, ...rest } = await jsonBody<VersionPatch>(context);
    const [other] = Object.keys(rest);
    if (other !== undefined)
      throw new ApiError(
        501,
        Code.notSupported,
        `This host changes secrets of a version only, not ${quoted(other)}`,
      );
    const changes = textsOf(env);
    if (Object.keys(changes).length === 0) throw new ApiError(400, Code.badJson, "env names no secret");
    const note = noteOf(context, readAnnotations(annotations), "secret");
    const { versionId } = await control.secrets.changeAside(name, changes, account, note);
    audit(context, options, account, "version-secrets", `${name} ${Object.keys(changes).join(" ")}`);
    const version = control.version(versionId, name, account)!;
    const { id, number } = version;
    return success(mayRead(context, account) ? versionForm(worker, version) : { id, number });
  });
  // Wrangler 3 makes the same of a version's sources. Of this answer it shows the type alone.
  app.get(`${SCRIPT}/content/v2`, (context) => {
    mustFind(control, accountOf(context, "read"), part(context, "name"));
    const answer = failure(
      new ApiError(
        501,
        Code.notSupported,
        "This host keeps no sources of versions: use wrangler 4 for `wrangler versions secret`, or `wrangler secret`",
      ),
    );
    answer.headers.set("content-type", "application/no-sources-kept.use-wrangler-4+json");
    return answer;
  });
}

/** Whether the token may see vars and other bindings: one for secrets alone may not. */
function mayRead(context: ApiRequest, account: string): boolean {
  return allows(context.get("token"), account, "read");
}

/**
 * Secrets are put into the version that takes the traffic, which has to be the newest: the next upload takes them over
 * from that one.
 * @throws ApiError 400 with what wrangler takes for it
 */
function mustBeDeployed(control: Control, account: string, name: string, number: number): void {
  const [newest] = control.versions(name, account);
  const [deployment] = control.deployments(name, account);
  if (newest === undefined || deployment === undefined) return;
  if (deployment.versions.some(({ versionId }) => versionId === newest.id)) return;
  throw new ApiError(
    400,
    number,
    `The latest version of the worker, ${newest.id}, is not deployed: deploy it, or use \`wrangler versions secret\``,
  );
}

/** Secrets by name, of which null takes one away. @throws ApiError 400 */
function textsOf(secrets: unknown): Record<string, string | null> {
  if (typeof secrets !== "object" || secrets === null || Array.isArray(secrets))
    throw new ApiError(400, Code.badJson, "The secrets must be an object of names and secrets");
  const entries = Object.entries(secrets) as [string, Partial<SecretForm> | null][];
  return Object.fromEntries(
    entries.map(([name, form]) => [name, form === null ? null : textOf(name, Object(form))]),
  );
}

/** The secrets with a text in a form of settings. @throws ApiError for bindings of other types that would be new */
async function changesOf(context: ApiRequest): Promise<Record<string, string>> {
  const form = await readForm(context, SETTINGS_BYTES);
  const field = form.get("settings");
  const text = typeof field === "string" ? field : await field?.text();
  const changes: [string, string][] = [];
  for (const { name, type, text: value } of bindingsOf(text)) {
    if (type === TYPE && typeof value === "string") changes.push([name, value]);
    else if (value !== undefined)
      throw new ApiError(
        501,
        Code.notSupported,
        `Settings can change secrets only, not ${quoted(name)} of type ${quoted(type)}`,
      );
  }
  return Object.fromEntries(changes);
}

function bindingsOf(text: string | undefined): readonly SecretForm[] {
  try {
    const { bindings } = JSON.parse(text ?? "") as { bindings: readonly SecretForm[] };
    if (Array.isArray(bindings) && bindings.every((binding) => typeof Object(binding).name === "string"))
      return bindings;
  } catch {
    // Said below.
  }
  throw new ApiError(400, Code.badJson, 'The form needs a field "settings" with a list of bindings');
}

/** The text of a secret. No message holds anything of it. */
function textOf(name: string, { text, type = TYPE }: Partial<SecretForm>): string {
  if (type !== TYPE)
    throw new ApiError(
      400,
      Code.badJson,
      `The secret ${quoted(name)} is of type ${quoted(type)}; it must be ${TYPE}`,
    );
  if (typeof text === "string") return text;
  throw new ApiError(400, Code.badJson, `The secret ${quoted(name)} has no text`);
}

/** The beginning of a text that a body holds, for a message. */
function quoted(text: unknown): string {
  return typeof text === "string" ? `"${text.slice(0, 128)}"` : typeof text;
}
