import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sayPort } from "./read-site.ts";

/** A tenant that was started: gives the body of its answer to a URL. */
export type Tenant = (url: string) => Promise<string> | string;

/** Serves tenants over node:http, each started by the first request to it, once. */
export function serveTenants(start: (tenant: number) => Promise<Tenant> | Tenant): void {
  const tenants = new Map<number, Promise<Tenant>>();
  const server = createServer((request, response) => {
    const number = tenantOf(request.headers.host ?? "");
    let tenant = tenants.get(number);
    if (tenant === undefined) tenants.set(number, (tenant = Promise.resolve(start(number))));
    void tenant
      .then(async (answer) => await answer(`http://${request.headers.host}${request.url}`))
      .then(
        (body) => {
          response.writeHead(200, {
            "content-type": "text/plain",
            "content-length": Buffer.byteLength(body),
          });
          response.end(body);
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  server.listen(0, "127.0.0.1", 1_024, () => sayPort((server.address() as AddressInfo).port));
}

/** The tenant that a host name stands for: `t7.localhost` is tenant 7. */
export function tenantOf(host: string): number {
  return Number(/^t(\d+)\./.exec(host)?.[1] ?? 0);
}
