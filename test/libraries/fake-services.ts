import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a fake service saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A service on loopback. */
export interface FakeService extends AsyncDisposable {
  readonly origin: string;
  readonly seen: readonly SeenRequest[];
}

async function serve(answer: (request: SeenRequest, response: ServerResponse) => void): Promise<FakeService> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      const one = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
      seen.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An object store that keeps one object for each path. */
export function fakeObjectStore(): Promise<FakeService> {
  const objects = new Map<string, SeenRequest>();
  return serve((request, response) => {
    const path = request.path.replace(/\?.*$/, "");
    if (request.method === "PUT") {
      objects.set(path, request);
      response.writeHead(200, { etag: '"one"' }).end();
      return;
    }
    const object = objects.get(path);
    if (object === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { "content-type": object.headers["content-type"] ?? "", etag: '"one"' })
        .end(bodyOf(object));
  });
}

/** What was put, without the framing that clients use for checksums. */
function bodyOf({ headers, body }: SeenRequest): string {
  if (!headers["content-encoding"]?.includes("aws-chunked")) return body;
  const [size = "0", ...rest] = body.split("\r\n");
  return rest.join("\r\n").slice(0, Number.parseInt(size, 16));
}

/** A chat service that answers the same to everybody. */
export function fakeChatService(): Promise<FakeService> {
  return serve((request, response) => {
    if (!request.path.endsWith("/chat/completions")) {
      response
        .writeHead(404, { "content-type": "application/json" })
        .end(JSON.stringify({ error: { message: "no such model" } }));
      return;
    }
    const { stream } = JSON.parse(request.body) as { stream?: boolean };
    if (!stream) {
      response.writeHead(200, { "content-type": "application/json" }).end(
        JSON.stringify({
          id: "1",
          object: "chat.completion",
          choices: [{ index: 0, message: { role: "assistant", content: "hello" } }],
        }),
      );
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const content of ["hel", "lo"])
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);
    response.end("data: [DONE]\n\n");
  });
}

/** A server that publishes the public half of a signing key, and hands the private one to whom it belongs. */
export function fakeKeyServer(): Promise<FakeService> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return serve(({ path }, response) => {
    const key = path.endsWith("?private") ? privateKey : publicKey;
    const keys = [{ ...key.export({ format: "jwk" }), kid: "one", alg: "ES256", use: "sig" }];
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys }));
  });
}
