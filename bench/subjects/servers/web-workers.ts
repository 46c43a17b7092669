import { handlerSource, type Site } from "../site.ts";
import { tenantOf } from "./tenants-server.ts";

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
  const tenants = new Map<number, (url: string) => Promise<string>>();
  const start = (tenant: number): ((url: string) => Promise<string>) => {
    const source = new Blob([handlerSource(site, tenant) + ANSWERS], { type: "application/javascript" });
    const worker = new Worker(URL.createObjectURL(source), { type: "module" });
    const waiting = new Map<number, (body: string) => void>();
    let last = 0;
    worker.onmessage = ({ data }) => {
      const [id, body] = data as [number, string];
      waiting.get(id)?.(body);
      waiting.delete(id);
    };
    return async (url) =>
      await new Promise((resolve) => {
        waiting.set(++last, resolve);
        worker.postMessage([last, url]);
      });
  };
  return async (request) => {
    const tenant = tenantOf(request.headers.get("host") ?? "");
    let ask = tenants.get(tenant);
    if (ask === undefined) tenants.set(tenant, (ask = start(tenant)));
    return new Response(await ask(request.url));
  };
}
