import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An origin on loopback that answers everything with the same bytes. */
export interface Origin extends AsyncDisposable {
  readonly url: string;
}

/** Starts an origin whose answers have so many bytes. */
export async function startOrigin(sizeBytes: number): Promise<Origin> {
  const body = Buffer.alloc(sizeBytes, "o");
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": sizeBytes }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
