import { accountOf, type ApiApp, type ApiOptions, audit, jsonBody, part } from "./api-context.ts";
import { scriptNotFound } from "./api-error.ts";
import { success } from "./envelope.ts";
import { readFilters } from "./tail/tail-filter.ts";
import type { Tails } from "./tail/tails.ts";
import { mustFind } from "./worker-settings.ts";

const TAILS = "/accounts/:account/workers/scripts/:name/tails";
/** Where the WebSocket of a tail is opened: its id follows. */
export const TAIL_PATH = "/tails/";

/** Tails: what `wrangler tail` shows. */
export function addTailRoutes(app: ApiApp, options: ApiOptions, tails: Tails): void {
  const { control, publicUrl } = options;
  app.post(TAILS, async (context) => {
    const account = accountOf(context, "tail");
    const { name } = mustFind(control, account, part(context, "name"));
    const { filters } = await jsonBody<{ filters: unknown }>(context);
    const filter = readFilters(filters, context.req.header("cf-connecting-ip") ?? "");
    const { id, expiresAtMs } = tails.make(account, name, filter);
    audit(context, options, account, "tail", name);
    const url = new URL(TAIL_PATH + id, publicUrl ?? context.req.url);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return success({ id, url: url.href, expires_at: new Date(expiresAtMs).toISOString() });
  });
  app.delete(`${TAILS}/:tail`, (context) => {
    const account = accountOf(context, "tail");
    if (!tails.end(part(context, "tail"), account)) throw scriptNotFound();
    return success(null);
  });
}
