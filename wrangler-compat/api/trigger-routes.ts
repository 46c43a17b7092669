import { accountOf, type ApiApp, type ApiOptions, audit, jsonBody, part } from "./api-context.ts";
import { ApiError, Code } from "./api-error.ts";
import { success } from "./envelope.ts";
import { ownRoute } from "./worker-address.ts";
import { changeSettings, mustFind, settingsOf } from "./worker-settings.ts";

const SCRIPT = "/accounts/:account/workers/scripts/:name";

/** What leads to a worker besides its own name: routes, custom domains, cron triggers. */
export function addTriggerRoutes(app: ApiApp, options: ApiOptions): void {
  const { control } = options;
  const change = async (
    account: string,
    name: string,
    what: Partial<{ routes: readonly string[]; domains: readonly string[] }>,
  ): Promise<void> => {
    await changeSettings(control, account, name, ownRoute(options, account, name), what);
  };
  app.get(`${SCRIPT}/routes`, (context) => {
    const account = accountOf(context, "read");
    return success(settingsOf(mustFind(control, account, part(context, "name"))).routes);
  });
  app.put(`${SCRIPT}/routes`, async (context) => {
    const account = accountOf(context, "deploy");
    const name = part(context, "name");
    const routes = listOf(await jsonBody<unknown[]>(context)).map((entry) => textOf(entry, "pattern"));
    await change(account, name, { routes });
    audit(context, options, account, "routes", name);
    return success(routes);
  });
  app.post(`${SCRIPT}/domains/changeset`, async (context) => {
    const account = accountOf(context, "read");
    const { domains } = settingsOf(mustFind(control, account, part(context, "name")));
    const wanted = listOf(await jsonBody<unknown[]>(context)).map((entry) => textOf(entry, "hostname"));
    const added = wanted.filter((hostname) => !domains.includes(hostname)).map((hostname) => ({ hostname }));
    const removed = domains
      .filter((hostname) => !wanted.includes(hostname))
      .map((hostname) => ({ hostname }));
    return success({ added, removed, updated: [], conflicting: [] });
  });
  app.put(`${SCRIPT}/domains/records`, async (context) => {
    const account = accountOf(context, "deploy");
    const name = part(context, "name");
    const { origins } = await jsonBody<{ origins: unknown[] }>(context);
    const domains = listOf(origins ?? []).map((entry) => textOf(entry, "hostname"));
    await change(account, name, { domains });
    audit(context, options, account, "domains", name);
    return success(domains.map((hostname) => ({ hostname })));
  });
  app.get(`${SCRIPT}/schedules`, (context) => {
    const { crons } = mustFind(control, accountOf(context, "read"), part(context, "name"));
    return success({ schedules: crons.map((cron) => ({ cron })) });
  });
  app.put(`${SCRIPT}/schedules`, async (context) => {
    const account = accountOf(context, "deploy");
    const name = part(context, "name");
    mustFind(control, account, name);
    const crons = listOf(await jsonBody<unknown[]>(context)).map((entry) => textOf(entry, "cron"));
    control.setCrons(name, crons, account);
    audit(context, options, account, "schedules", name);
    return success({ schedules: crons.map((cron) => ({ cron })) });
  });
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new ApiError(400, Code.badJson, "The request body is not a list");
}

function textOf(entry: unknown, field: string): string {
  const value: unknown = Object(entry)[field];
  if (typeof value === "string" && value !== "") return value;
  throw new ApiError(400, Code.badJson, `An entry of the list has no text "${field}"`);
}
