import { request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { buildConnector } from "undici";
import { acceptKey, hasToken } from "../websocket/handshake.ts";
import { EgressError } from "./egress-error.ts";
import type { EgressSettings } from "./egress-options.ts";
import { originError } from "./origin-error.ts";
import type { SocketRequest } from "./socket-request.ts";

/** What a server made of an opening handshake. */
export interface SocketAnswer {
  readonly message: IncomingMessage;
  /** The connection and the first bytes behind the handshake; null if the server answered as to any request. */
  readonly connection: { readonly socket: Socket; readonly head: Uint8Array } | null;
}

/**
 * Sends a handshake over a connection of its own, and waits for the answer.
 *
 * @throws {EgressError} for all that the worker shall see; the signal's reason if it aborts.
 */
export async function shakeHands(
  asked: SocketRequest,
  connector: buildConnector.connector,
  settings: EgressSettings,
  signal: AbortSignal,
): Promise<SocketAnswer> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<SocketAnswer>();
  let isConnected = false;
  const sent = openRequest(asked, settings, (callback) => {
    connector(connectOptions(asked.url), (error, socket) => {
      if (error !== null) return callback(error);
      isConnected = true;
      if (sent.destroyed) socket.destroy();
      else callback(null, socket as Socket);
    });
  });
  const fail = (reason: unknown): void => {
    reject(reason);
    sent.destroy();
  };
  const onAbort = (): void => fail(signal.reason);
  const late = setTimeout(
    () => fail(new EgressError("TypeError", "Cannot connect: the server did not answer in time")),
    settings.connectTimeoutMs + settings.headersTimeoutMs,
  );
  signal.addEventListener("abort", onAbort, { once: true });
  sent.on("error", (error) => reject(originError(error, isConnected)));
  sent.on("close", () => reject(originError(new Error("closed"), isConnected)));
  sent.on("response", (message) => resolve({ message, connection: null }));
  sent.on("upgrade", (message, socket, head) => {
    socket.on("error", () => {}); // its close tells all that there is to tell
    const problem = problemOf(message, asked);
    if (problem === null) return resolve({ message, connection: { socket: socket as Socket, head } });
    socket.destroy();
    reject(new EgressError("TypeError", `Cannot connect: ${problem}`));
  });
  sent.end();
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", onAbort);
  }
}

function openRequest(
  { url, headers }: SocketRequest,
  settings: EgressSettings,
  connect: (callback: (error: Error | null, socket?: Socket) => void) => void,
): ClientRequest {
  return httpRequest({
    method: "GET",
    path: url.pathname + url.search,
    headers: headers as string[],
    setHost: false,
    maxHeaderSize: settings.maxResponseHeaderBytes,
    createConnection: (_options, callback) => {
      connect(callback as (error: Error | null, socket?: Socket) => void);
      return undefined;
    },
  });
}

function connectOptions(url: URL): buildConnector.Options {
  const { hostname, host, protocol, port } = url;
  return { hostname, host, protocol, port };
}

/** What is wrong with an answer of status 101 (RFC 6455, section 4.1); null if nothing is. */
function problemOf({ statusCode, headers }: IncomingMessage, asked: SocketRequest): string | null {
  if (
    statusCode !== 101 ||
    headers.upgrade?.toLowerCase() !== "websocket" ||
    !hasToken(headers.connection, "upgrade")
  )
    return "the server switched to something else than WebSockets";
  if (headers["sec-websocket-accept"] !== acceptKey(asked.key))
    return "the server's Sec-WebSocket-Accept is wrong";
  if ((headers["sec-websocket-extensions"] ?? "") !== "")
    return "the server uses extensions that nobody offered";
  const protocol = headers["sec-websocket-protocol"];
  if (protocol === undefined || protocol === "")
    return asked.mustAgree ? "the server picked none of the protocols" : null;
  return asked.protocols.includes(protocol) ? null : "the server picked a protocol that nobody offered";
}
