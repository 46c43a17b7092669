import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { createServer, request as secureRequest } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { json } from "node:stream/consumers";
import { CERTIFICATE } from "../egress/secure-origin.ts";

const KEY = readFileSync(new URL("../egress/fixtures/key.pem", import.meta.url), "utf8");
/** The name in the certificate. */
const NAME = "a.example";

/** A proxy with TLS in front of a port of this machine, as an operator puts it there. */
export interface TlsProxy extends AsyncDisposable {
  readonly origin: string;
  /** Asks through it. */
  ask(method: string, path: string, token: string, body?: unknown): Promise<ProxiedAnswer>;
}

export interface ProxiedAnswer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows the form of what it asks for
  readonly json: any;
}

/** @param client Whose address the proxy says to have met. */
export async function tlsProxy(port: number, client: string): Promise<TlsProxy> {
  const sockets = new Set<Socket>();
  const onward = (incoming: IncomingMessage): ReturnType<typeof request> => {
    const headers = { ...incoming.headers, "x-forwarded-proto": "https", "x-forwarded-for": client };
    const { method, url } = incoming;
    return request({ host: "127.0.0.1", port, method: method!, path: url!, headers, agent: false });
  };
  const server = createServer({ cert: CERTIFICATE, key: KEY }, (incoming, outgoing) => {
    const sent = onward(incoming).on("response", (answer: IncomingMessage) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(sent.on("error", () => outgoing.destroy()));
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Socket) => {
    onward(incoming)
      .on("upgrade", (answer: IncomingMessage, upstream: Socket, head: Buffer) => {
        const lines = answer.rawHeaders
          .map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`))
          .join("");
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
        socket.write(head);
        upstream.on("error", () => socket.destroy()).pipe(socket);
        socket.on("error", () => upstream.destroy()).pipe(upstream);
      })
      .on("error", () => socket.destroy())
      .on("response", () => socket.destroy())
      .end();
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const own = (server.address() as AddressInfo).port;
  return {
    origin: `https://${NAME}:${own}`,
    ask: async (method, path, token, body) =>
      await new Promise((done, fail) => {
        const headers = { host: `${NAME}:${own}`, authorization: `Bearer ${token}` };
        const where = { host: "127.0.0.1", port: own, servername: NAME, ca: CERTIFICATE, agent: false };
        secureRequest({ ...where, method, path, headers }, (answer) => {
          void json(answer).then((value) => done({ status: answer.statusCode!, json: value }), fail);
        })
          .on("error", fail)
          .end(body === undefined ? undefined : JSON.stringify(body));
      }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
