import { type ApiApp, type ApiOptions, type ApiRequest, isAccount, part } from "./api-context.ts";
import { mustAllow } from "./authenticate.ts";
import { page, success, wholePage } from "./envelope.ts";
import { settingsOf } from "./worker-settings.ts";

/** Between account and name in a zone's id. */
const SEPARATOR = ":";
const HOST = /^[\w-]+(\.[\w-]+)+$/;

/**
 * Zones, as far as wrangler looks them up before it deploys routes. A host has none: every domain is one, and whether a
 * route may be had is said when it is asked for.
 */
export function addZoneRoutes(app: ApiApp, { control }: ApiOptions): void {
  app.get("/zones", (context) => {
    const { name = "", "account.id": account = "" } = context.req.query();
    const isThere = HOST.test(name) && name.length <= 253 && isAccount(account);
    if (!isThere) return page([], new URL(context.req.url));
    mustAllow(context.get("token"), account, "read");
    const zone = { id: `${account}${SEPARATOR}${name}`, name, status: "active", account: { id: account } };
    return page([zone], new URL(context.req.url));
  });
  app.get("/zones/:zone/workers/routes", (context: ApiRequest) => {
    const [account = "", name] = part(context, "zone").split(SEPARATOR);
    // A zone of Cloudflare's, which a configuration names by its id: nothing is known of it.
    if (name === undefined || !isAccount(account)) return success([]);
    mustAllow(context.get("token"), account, "read");
    const routes = control
      .workers(account)
      .flatMap((worker) =>
        settingsOf(worker).routes.map((pattern) => ({ id: pattern, pattern, script: worker.name })),
      );
    return wholePage(routes, new URL(context.req.url));
  });
}
