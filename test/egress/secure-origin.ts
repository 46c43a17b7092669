import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import type { Origin } from "./egress-fixture.ts";

const file = (name: string): string => readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");
/** Its own authority, for `a.example` and `b.example`. */
export const CERTIFICATE: string = file("cert.pem");
/** The same, but of the year 2020. */
export const EXPIRED: string = file("expired-cert.pem");

/** A server of HTTPS, and the names that clients asked it for. */
export async function secureOrigin(
  listener: RequestListener,
  cert: string = CERTIFICATE,
): Promise<Origin & { readonly names: string[] }> {
  const names: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      cert,
      key: file("key.pem"),
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    },
    listener,
  );
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://a.example:${port}`,
    sockets,
    names,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
