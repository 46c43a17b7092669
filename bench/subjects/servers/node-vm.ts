/** A context of `node:vm` for each tenant: names apart, but no isolation and no limit. */
import { createContext, Script } from "node:vm";
import { handlerSource } from "../site.ts";
import { readSite } from "./read-site.ts";
import { serveTenants } from "./tenants-server.ts";

const { site } = readSite();
serveTenants((tenant) => {
  const context = createContext({ Response });
  new Script(handlerSource(site, tenant)).runInContext(context);
  const handle = context["handle"] as (url: string) => Response;
  return async (url) => await handle(url).text();
});
