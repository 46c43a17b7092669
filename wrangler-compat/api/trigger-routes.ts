import { accountOf, type ApiApp, type ApiOptions, audit, jsonBody, part } from "./api-context.ts";
import { success, wholePage } from "./envelope.ts";
import { listOf, textOf } from "./list-body.ts";
import { changeSettings, mustFind, settingsOf } from "./worker-settings.ts";

const SCRIPT = "/accounts/:account/workers/scripts/:name";

/** What leads to a worker besides its own name: routes and cron triggers. */
export function addTriggerRoutes(app: ApiApp, options: ApiOptions): void {
  const { control } = options;
  app.get(`${SCRIPT}/routes`, (context) => {
    const account = accountOf(context, "read");
    const { routes } = settingsOf(mustFind(control, account, part(context, "name")));
    return wholePage(routes, new URL(context.req.url));
  });
  app.put(`${SCRIPT}/routes`, async (context) => {
    const account = accountOf(context, "deploy");
    const name = part(context, "name");
    const routes = listOf(await jsonBody<unknown[]>(context)).map((entry) => textOf(entry, "pattern"));
    await changeSettings(options, account, name, { routes });
    audit(context, options, account, "routes", name);
    return success(routes);
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
