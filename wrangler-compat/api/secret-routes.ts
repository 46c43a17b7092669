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
import { success } from "./envelope.ts";
import { resolvedBindings } from "./upload/resolved-bindings.ts";
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

/** Secrets of a worker: put, listed by name, deleted, several at once. */
export function addSecretRoutes(app: ApiApp, options: ApiOptions): void {
  const { control } = options;
  app.get(`${SCRIPT}/secrets`, (context) => {
    const account = accountOf(context, "read");
    const { name } = mustFind(control, account, part(context, "name"));
    return success(control.secrets.list(name, account).map((secret) => ({ name: secret, type: TYPE })));
  });
  app.put(`${SCRIPT}/secrets`, async (context) => {
    const account = accountOf(context, "secrets");
    const { name } = mustFind(control, account, part(context, "name"));
    const form = await jsonBody<SecretForm>(context);
    const [secret, text] = [form.name ?? "", textOf(form.name ?? "", form)];
    await control.secrets.put(name, secret, text, account);
    audit(context, options, account, "secret-put", `${name} ${secret}`);
    return success({ name: secret, type: TYPE });
  });
  app.delete(`${SCRIPT}/secrets/:secret`, async (context) => {
    const account = accountOf(context, "secrets");
    const { name } = mustFind(control, account, part(context, "name"));
    const secret = part(context, "secret");
    if (!(await control.secrets.delete(name, secret, account)))
      throw new ApiError(404, Code.noSuchSecret, `The worker has no secret "${secret.slice(0, 128)}"`);
    audit(context, options, account, "secret-delete", `${name} ${secret}`);
    return success(null);
  });
  app.patch(`${SCRIPT}/secrets-bulk`, async (context) => {
    const account = accountOf(context, "secrets");
    const { name } = mustFind(control, account, part(context, "name"));
    const { secrets = {} } = await jsonBody<{ secrets: Readonly<Record<string, SecretForm | null>> }>(
      context,
    );
    const changes = Object.entries(Object(secrets) as Record<string, SecretForm | null>).map(
      ([secret, form]) => [secret, form === null ? null : textOf(secret, form)] as const,
    );
    await control.secrets.change(name, Object.fromEntries(changes), account);
    audit(
      context,
      options,
      account,
      "secrets-bulk",
      `${name} ${changes.map(([secret]) => secret).join(" ")}`,
    );
    return success({
      secrets: Object.fromEntries(changes.map(([secret]) => [secret, { name: secret, type: TYPE }])),
    });
  });
  // How wrangler 3 puts several: all bindings again, of which only secrets with a text are new.
  app.patch(`${SCRIPT}/settings`, async (context) => {
    const account = accountOf(context, "secrets");
    const { name } = mustFind(control, account, part(context, "name"));
    const changes = await changesOf(context);
    if (Object.keys(changes).length > 0) await control.secrets.change(name, changes, account);
    audit(context, options, account, "secrets-bulk", `${name} ${Object.keys(changes).join(" ")}`);
    return success({ bindings: resolvedBindings(control.versions(name, account)[0]!) });
  });
  app.patch(`${WORKERS}/workers/:name/versions/latest`, (context) => {
    accountOf(context, "secrets");
    throw new ApiError(
      501,
      Code.notSupported,
      "This host puts secrets into force at once: use wrangler secret put",
    );
  });
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
        `Settings can change secrets only, not "${name}" of type "${type}"`,
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
    throw new ApiError(400, Code.badJson, `The secret "${name}" is of type "${type}"; it must be ${TYPE}`);
  if (typeof text === "string") return text;
  throw new ApiError(400, Code.badJson, `The secret "${name}" has no text`);
}
