/** A context of `edge-runtime` for each tenant: web APIs in a context of `node:vm`. */
import { requirePeer } from "../peer-package.ts";
import { handlerSource } from "../site.ts";
import { readSite } from "./read-site.ts";
import { serveTenants } from "./tenants-server.ts";

interface Runtime {
  dispatchFetch(url: string): Promise<Response>;
}

const { EdgeRuntime } = requirePeer("edge-runtime") as {
  EdgeRuntime: new (options: { initialCode: string }) => Runtime;
};
const { site } = readSite();
serveTenants((tenant) => {
  const runtime = new EdgeRuntime({
    initialCode: `${handlerSource(site, tenant)}
      addEventListener("fetch", (event) => event.respondWith(handle(event.request.url)));`,
  });
  return async (url) => await (await runtime.dispatchFetch(url)).text();
});
