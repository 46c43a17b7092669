import { handlerSource, type Site } from "../site.ts";
import { askByMessage } from "./ask-by-message.ts";
import { type Tenant, tenantOf } from "./tenants-server.ts";

/** The web's own `Worker`, as Deno and Bun have it. */
interface WebWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  postMessage(message: unknown): void;
}
type WebWorkerClass = new (url: string, options: { type: "module" }) => WebWorker;

const ANSWERS = `
self.onmessage = async ({ data: [id, url] }) => self.postMessage([id, await (await handle(url)).text()]);
`;

/** A handler that starts a Worker for each tenant at the first request to it. */
export function answerByWorkers(site: Site): (request: Request) => Promise<Response> {
  const { Worker } = globalThis as unknown as { Worker: WebWorkerClass };
  const tenants = new Map<number, Tenant>();
  const start = (tenant: number): Tenant => {
    const source = new Blob([handlerSource(site, tenant) + ANSWERS], { type: "application/javascript" });
    const worker = new Worker(URL.createObjectURL(source), { type: "module" });
    const { ask, take } = askByMessage((message) => worker.postMessage(message));
    worker.onmessage = ({ data }) => take(data);
    return ask;
  };
  return async (request) => {
    const tenant = tenantOf(request.headers.get("host") ?? "");
    let ask = tenants.get(tenant);
    if (ask === undefined) tenants.set(tenant, (ask = start(tenant)));
    return new Response(await ask(request.url));
  };
}
