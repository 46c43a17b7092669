import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { BodyKind } from "../../runtime-api/contract/flat.ts";
import type { Flat } from "../../runtime-api/contract/flat.ts";
import { createEgress } from "../../src/egress/egress.ts";
import type { Egress } from "../../src/egress/egress.ts";
import type { EgressOptions } from "../../src/egress/egress-options.ts";
import type { EgressContext, OutboundBody } from "../../src/egress/outbound-request.ts";

/** A server of the network beyond the egress. */
export interface Origin extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Sockets that are open. */
  readonly sockets: ReadonlySet<Socket>;
}

export function httpOrigin(listener: RequestListener): Promise<Origin> {
  return serve(createServer({ requestTimeout: 0 }, listener));
}

/** An origin that speaks whatever bytes the test wants. */
export function rawOrigin(onSocket: (socket: Socket) => void): Promise<Origin> {
  return serve(createTcpServer(onSocket));
}

async function serve(server: Server): Promise<Origin> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An egress that may reach 127.0.0.1, and closes at the end of its scope. */
export function openEgress(options: EgressOptions = {}): Egress & AsyncDisposable {
  const egress = createEgress({ allowAddresses: ["127.0.0.1"], ...options });
  return Object.assign(egress, { [Symbol.asyncDispose]: () => egress.close() });
}

export interface FetchOptions {
  readonly method?: string;
  readonly headers?: string;
  readonly body?: OutboundBody;
  readonly redirect?: string;
  readonly integrity?: string;
  readonly referrer?: readonly [url: string, policy: string];
  readonly spelling?: string;
  readonly signal?: AbortSignal;
  readonly event?: object;
  readonly depth?: number;
  readonly account?: string;
  /** @default 1 GiB */
  readonly maxResponseBytes?: number;
}

/** The answer of a fetch call, its streams opened. */
export interface Fetched {
  readonly status: number;
  readonly statusText: string;
  readonly headers: string;
  readonly kind: BodyKind;
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  readonly url: string;
  readonly redirected: boolean;
  text(): Promise<string>;
}

/** Calls `fetch` as an isolate would. */
export async function fetchWith(egress: Egress, url: string, options: FetchOptions = {}): Promise<Fetched> {
  let opened: ReadableStream<Uint8Array> | null = null;
  const context: EgressContext = {
    account: options.account ?? "a",
    signal: options.signal ?? new AbortController().signal,
    limits: {
      socketMessageBytes: 1024 * 1024,
      egressResponseBytes: options.maxResponseBytes ?? 1024 ** 3,
    },
    openSocket: () => 2,
    openStream(source) {
      opened = source;
      return 2;
    },
    readBody: () => options.body ?? null,
    ...(options.event === undefined ? {} : { event: options.event }),
    ...(options.depth === undefined ? {} : { depth: options.depth }),
  };
  const args: Flat[] = [
    options.method ?? "GET",
    url,
    options.headers ?? "",
    BodyKind.none,
    null,
    options.redirect ?? "follow",
    ...(options.integrity === undefined && options.referrer === undefined && options.spelling === undefined
      ? []
      : [options.integrity ?? ""]),
    ...(options.referrer ?? (options.spelling === undefined ? [] : ["", ""])),
    ...(options.spelling === undefined ? [] : [options.spelling]),
  ];
  const [status, statusText, headers, kind, value, finalUrl, redirected] = await egress.fetch(args, context);
  const body = kind === BodyKind.stream ? opened : (value as Uint8Array | null);
  return {
    status: status as number,
    statusText: statusText as string,
    headers: headers as string,
    kind: kind as BodyKind,
    body,
    url: finalUrl as string,
    redirected: redirected as boolean,
    text: () =>
      new Response(body as ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | null).text(),
  };
}

/** What a fetch failed with, as `name: message`; fails if it did not. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { name, message, errorName } = error as Error & { errorName?: string };
    return `${errorName ?? name}: ${message}`;
  }
  throw new Error("it did not fail");
}

export async function readAll(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message) text += (chunk as Buffer).toString("latin1");
  return text;
}

/** Answers with the request as JSON. */
export async function echo(message: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readAll(message);
  response.end(
    JSON.stringify({
      method: message.method,
      url: message.url,
      headers: message.headers,
      raw: message.rawHeaders,
      body,
    }),
  );
}
