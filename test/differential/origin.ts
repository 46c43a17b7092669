import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";

/** A server that workers of both sides fetch from. */
export interface Origin extends AsyncDisposable {
  readonly url: string;
}

/** Starts it on loopback. */
export async function startOrigin(): Promise<Origin> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Headers of the connection, and those that an edge adds to a request. */
const OF_THE_EDGE = /^(?:connection|host|keep-alive|cf-|x-forwarded-|x-real-ip)/;

/** What Skerry sends beside the worker's headers, which the answer names only where it is asked for all. */
const DEFAULTS: Readonly<Record<string, string>> = {
  accept: "*/*",
  "accept-encoding": "gzip, br",
  "accept-language": "*",
  "skerry-depth": "1",
  "user-agent": "Skerry",
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://origin");
  const what = url.pathname.slice(1);
  if (what === "echo") {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const all = url.searchParams.has("all");
    const headers = Object.entries(request.headers).filter(
      ([name, value]) => !OF_THE_EDGE.test(name) && (all || DEFAULTS[name] !== value),
    );
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(headers.toSorted(([a], [b]) => (a < b ? -1 : 1))),
        body: Buffer.concat(chunks).toString("latin1"),
      }),
    );
  } else if (what === "redirect") {
    response.writeHead(Number(url.searchParams.get("status") ?? 302), {
      location: url.searchParams.get("to") ?? "/echo",
    });
    response.end("moved");
  } else if (what === "loop") {
    response.writeHead(302, { location: "/loop" }).end();
  } else if (what === "gzip") {
    response
      .writeHead(200, { "content-encoding": "gzip", "content-type": "text/plain" })
      .end(gzipSync("hello gzip"));
  } else if (what === "br") {
    response
      .writeHead(200, { "content-encoding": "br", "content-type": "text/plain" })
      .end(brotliCompressSync("hello brotli"));
  } else if (what === "status") {
    response.writeHead(Number(url.searchParams.get("code"))).end();
  } else if (what === "cookies") {
    response
      .writeHead(
        200,
        [
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2; Path=/"],
          ["x-many", "1"],
          ["x-many", "2"],
        ].flat(),
      )
      .end("cookies");
  } else if (what === "slow") {
    response.write("first ");
    setTimeout(() => response.end("second"), 30);
  } else if (what === "hang") {
    // Never answers: for requests that are given up.
  } else if (what === "cut") {
    response.writeHead(200, { "content-length": "100" });
    response.write("only this", () => setTimeout(() => response.destroy(), 50));
  } else {
    response
      .writeHead(200, { "content-type": "text/plain", "x-origin": "yes" })
      .end(`origin ${request.method} ${request.url}`);
  }
}
