import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { WebSocket } from "ws";
import type { CaseRequest } from "./differential-case.ts";

/** What came over the socket. */
export interface RawAnswer {
  readonly status: number | string;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Headers that depend on the connection or the clock, and not on the worker. */
const LEFT_OUT = new Set(["date", "connection", "keep-alive"]);
const LIMIT_MS = 120_000;

/** Sends a request as it stands, and reads the answer as it comes. */
export async function sendRequest(port: number, host: string, request: CaseRequest): Promise<RawAnswer> {
  return request.socket
    ? await talk(port, host, request, request.socket)
    : await exchange(port, host, request);
}

function exchange(port: number, host: string, request: CaseRequest): Promise<RawAnswer> {
  const {
    path = `/${encodeURIComponent(request.name)}`,
    method = "GET",
    headers = {},
    body,
    abort,
  } = request;
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const agent = new Agent({ keepAlive: false });
  const sent = httpRequest({
    port,
    path,
    method,
    agent,
    headers: {
      host,
      ...headers,
      ...(typeof body === "string" || body instanceof Uint8Array
        ? { "content-length": String(Buffer.byteLength(body)) }
        : {}),
    } as Record<string, string | string[]>,
    timeout: LIMIT_MS,
  });
  sent.on("timeout", () => sent.destroy(new Error("timeout")));
  sent.on("error", (error: NodeJS.ErrnoException) =>
    resolve({ status: `failed ${error.code ?? error.message}`, headers: [], body: "" }),
  );
  sent.on("response", (response) => {
    if (abort === true) {
      response.on("error", () => {});
      sent.destroy();
      resolve({ status: response.statusCode ?? 0, headers: headersOf(response), body: "" });
      return;
    }
    const chunks: Buffer[] = [];
    const end = (suffix: string): void =>
      resolve({
        status: response.statusCode ?? 0,
        headers: headersOf(response),
        body: textOf(Buffer.concat(chunks), response.headers["content-encoding"]) + suffix,
      });
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () => end(""));
    response.on("error", () => end(" (cut off)"));
  });
  void sendBody(sent, body);
  return promise;
}

/** A body that is coded in the way that its header says is told by what is in it: the same text has many coded forms. */
function textOf(bytes: Buffer, coding: string | undefined): string {
  try {
    if (coding === "gzip") return `in gzip: ${gunzipSync(bytes).toString("latin1")}`;
    if (coding === "br") return `in brotli: ${brotliDecompressSync(bytes).toString("latin1")}`;
  } catch {
    return `not in ${coding}: ${bytes.toString("latin1")}`;
  }
  return bytes.toString("latin1");
}

async function sendBody(sent: ReturnType<typeof httpRequest>, body: CaseRequest["body"]): Promise<void> {
  if (Array.isArray(body)) {
    for (const piece of body as readonly string[]) {
      sent.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    sent.end();
  } else sent.end(body as string | Uint8Array | undefined);
}

/** Names in lower case, sorted; values of one name in their order. */
function headersOf(response: IncomingMessage): string[] {
  const pairs: string[] = [];
  for (let at = 0; at < response.rawHeaders.length; at += 2) {
    const name = response.rawHeaders[at]!.toLowerCase();
    if (!LEFT_OUT.has(name)) pairs.push(`${name}: ${response.rawHeaders[at + 1]}`);
  }
  const nameOf = (pair: string): string => pair.slice(0, pair.indexOf(":"));
  return pairs.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

function talk(
  port: number,
  host: string,
  request: CaseRequest,
  { send, close, protocols = [] }: NonNullable<CaseRequest["socket"]>,
): Promise<RawAnswer> {
  const { promise, resolve } = Promise.withResolvers<RawAnswer>();
  const socket = new WebSocket(
    `ws://127.0.0.1:${port}${request.path ?? `/${encodeURIComponent(request.name)}`}`,
    [...protocols],
    {
      headers: { host, ...(request.headers as Record<string, string>) },
    },
  );
  const heard: string[] = [];
  let status: number | string = "not opened";
  const timer = setTimeout(() => socket.terminate(), LIMIT_MS);
  const end = (last: string): void => {
    clearTimeout(timer);
    resolve({ status, headers: [], body: JSON.stringify([...heard, last]) });
  };
  socket.on("open", () => {
    status = 101;
    heard.push(`protocol ${socket.protocol}`);
    for (const text of send) socket.send(text);
    if (close) socket.close(...close);
  });
  socket.on("message", (data: Buffer, isBinary) =>
    heard.push(isBinary ? `bytes ${data.toString("hex")}` : data.toString()),
  );
  socket.on("error", () => {});
  socket.on("unexpected-response", (_request, response) => {
    status = response.statusCode ?? 0;
    response.resume();
    end("refused");
  });
  socket.on("close", (code, reason) => end(`closed ${code} ${reason.toString()}`));
  return promise;
}
