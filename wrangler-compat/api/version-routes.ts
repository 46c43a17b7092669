import type { VersionPercent } from "../../src/index.ts";
import { accountOf, type ApiApp, type ApiOptions, audit, jsonBody, part } from "./api-context.ts";
import type { UploadSessions } from "./assets/upload-sessions.ts";
import { ApiError, Code, noSuchVersion, scriptNotFound } from "./api-error.ts";
import { page, success } from "./envelope.ts";
import { readUploadForm } from "./upload/read-upload-form.ts";
import type { UploadRetries } from "./upload/upload-retries.ts";
import { readAnnotations } from "./annotations.ts";
import { deploymentForm, noteOf, versionForm } from "./version-form.ts";
import { changeSettings, mustFind } from "./worker-settings.ts";

const SCRIPT = "/accounts/:account/workers/scripts/:name";
/** Of a page for who asks for none, as wrangler does: all that a worker keeps, as a rule. */
const LISTED = 100;

interface DeploymentRequest {
  readonly strategy: unknown;
  readonly versions: unknown;
  readonly annotations: unknown;
}

/** Versions without traffic, and how traffic is shared among them. */
export function addVersionRoutes(
  app: ApiApp,
  options: ApiOptions,
  uploads: UploadSessions,
  retries: UploadRetries,
): void {
  const { control } = options;
  app.post(`${SCRIPT}/versions`, async (context) => {
    const account = accountOf(context, "deploy");
    const name = part(context, "name");
    mustFind(control, account, name);
    const form = await readUploadForm(context, { control, uploads }, account, name);
    const { upload, annotations, settings } = form;
    const version = await retries.once(
      { how: "upload", token: context.get("token").id, form, after: context.get("after") },
      context.req.raw.signal,
      (id) => control.versions(name, account)[0]?.id === id,
      async () => await control.uploadVersion(upload, noteOf(context, annotations, "version_upload")),
    );
    audit(context, options, account, "upload-version", `${name} ${version.id}`);
    await changeSettings(options, account, name, settings);
    return success(versionForm(mustFind(control, account, name), version));
  });
  app.get(`${SCRIPT}/versions`, (context) => {
    const account = accountOf(context, "read");
    const worker = mustFind(control, account, part(context, "name"));
    const versions = control.versions(worker.name, account);
    return page(versions, new URL(context.req.url), LISTED, (shown) => ({
      items: shown.map((version) => versionForm(worker, version)),
    }));
  });
  app.get(`${SCRIPT}/versions/:version`, (context) => {
    const account = accountOf(context, "read");
    const name = part(context, "name");
    const version = control.version(part(context, "version"), name, account);
    if (version === undefined) throw noSuchVersion();
    return success(versionForm(mustFind(control, account, name), version));
  });
  app.get(`${SCRIPT}/deployments`, (context) => {
    const account = accountOf(context, "read");
    const deployments = control.deployments(part(context, "name"), account);
    if (deployments.length === 0) throw scriptNotFound();
    return page(deployments, new URL(context.req.url), LISTED, (shown) => ({
      deployments: shown.map((one) => deploymentForm(one)),
    }));
  });
  app.post(`${SCRIPT}/deployments`, async (context) => {
    const account = accountOf(context, "deploy");
    const name = part(context, "name");
    mustFind(control, account, name);
    const { strategy = "percentage", versions, annotations } = await jsonBody<DeploymentRequest>(context);
    if (strategy !== "percentage")
      throw new ApiError(400, Code.badDeployment, 'strategy must be "percentage"');
    const shares = sharesOf(versions);
    const note = noteOf(context, readAnnotations(annotations));
    if (context.req.query("force") !== "true") mustKeepSecrets(options, account, name, shares);
    const deployment = await control.deployVersions(name, shares, account, note);
    audit(
      context,
      options,
      account,
      "deploy-versions",
      `${name} ${shares.map(({ versionId }) => versionId).join(" ")}`,
    );
    return success(deploymentForm(deployment));
  });
}

/**
 * Going back to a version goes back to its secrets as well, which nobody may want who does not know.
 * @throws ApiError 10220 naming those that have changed, in words that wrangler reads
 */
function mustKeepSecrets(
  { control }: ApiOptions,
  account: string,
  name: string,
  shares: readonly VersionPercent[],
): void {
  const [share] = shares;
  const [current] = control.deployments(name, account)[0]?.versions ?? [];
  if (share === undefined || shares.length > 1 || current === undefined) return;
  const numberOf = (id: string): number => control.version(id, name, account)?.number ?? Infinity;
  if (numberOf(share.versionId) >= numberOf(current.versionId)) return;
  const changed = control.secrets.differences(name, share.versionId, current.versionId, account);
  if (changed.length === 0) return;
  const message = "The version has other secrets than the one that takes the traffic.";
  const list = `The following secrets have changed: ${changed.join(", ")}`;
  throw new ApiError(400, Code.secretsChanged, `${message} ${list}`);
}

function sharesOf(versions: unknown): VersionPercent[] {
  if (!Array.isArray(versions))
    throw new ApiError(400, Code.badDeployment, "versions must be a list of versions with their percentages");
  return versions.map((entry: unknown) => {
    const { version_id, percentage } = Object(entry) as Record<string, unknown>;
    if (typeof version_id === "string" && typeof percentage === "number")
      return { versionId: version_id, percent: percentage };
    throw new ApiError(
      400,
      Code.badDeployment,
      'An entry of versions needs the text "version_id" and the number "percentage"',
    );
  });
}
