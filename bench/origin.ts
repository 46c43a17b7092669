import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An origin on loopback that answers with bytes that mean nothing. */
export interface Origin extends AsyncDisposable {
  readonly url: string;
}

/** Starts an origin whose answers have `sizeBytes`, or as many bytes as the path says: `/1024`. */
export async function startOrigin(sizeBytes: number): Promise<Origin> {
  const bodies = new Map<number, Buffer>();
  const server = createServer(({ url = "/" }, response) => {
    const length = Number(url.slice(1)) || sizeBytes;
    const body = bodies.get(length) ?? Buffer.alloc(length, "o");
    bodies.set(length, body);
    response.writeHead(200, { "content-type": "text/plain", "content-length": length }).end(body);
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
