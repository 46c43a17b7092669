import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { EdgeResponse, EdgeSocket } from "../dispatch/edge.ts";
import { errorPage } from "../outcome/error-page.ts";
import { acceptKey, hasToken } from "../websocket/handshake.ts";
import { WireSocket } from "../websocket/wire-socket.ts";
import { readResponseHead } from "./response-head.ts";

const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** Set by the handshake, not by the worker. There are no extensions. */
const OWN: ReadonlySet<string> = new Set([
  "sec-websocket-accept",
  "sec-websocket-extensions",
  "sec-websocket-key",
  "sec-websocket-version",
]);

/**
 * Whether a request is a whole opening handshake of a WebSocket (RFC 6455, section 4.2.1). Any other request for
 * an upgrade is answered as if it were none.
 */
export function isUpgrade({ method, httpVersion, headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    httpVersion === "1.1" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    hasToken(headers.connection, "upgrade") &&
    headers["sec-websocket-version"] === "13" &&
    KEY.test(headers["sec-websocket-key"] ?? "") &&
    headers["content-length"] === undefined &&
    headers["transfer-encoding"] === undefined
  );
}

/** Whether a request asks to change what is spoken on its connection, to whatever. */
export function asksToSwitch({ headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined && hasToken(headers.connection, "upgrade");
}

/** A client's opening handshake that waits for its answer. */
export class Upgrade {
  /** What the worker sees of it beside the headers that every request may have. */
  readonly headers = "\nconnection\nUpgrade\nupgrade\nwebsocket";
  readonly #message: IncomingMessage;
  readonly #stream: Duplex;
  readonly #head: Uint8Array;
  readonly #onSwitch: (wire: WireSocket) => void;

  /**
   * @param head Bytes that came behind the request.
   * @param onSwitch Told of the connection once it is one of messages.
   */
  constructor(
    message: IncomingMessage,
    stream: Duplex,
    head: Uint8Array,
    onSwitch: (wire: WireSocket) => void,
  ) {
    this.#message = message;
    this.#stream = stream;
    this.#head = head;
    this.#onSwitch = onSwitch;
  }

  /**
   * Completes the handshake and hands the connection to the worker's socket.
   * @throws if the worker's headers hold what HTTP cannot carry; nothing has been sent then
   */
  accept(response: ServerResponse, answer: EdgeResponse, socket: EdgeSocket): void {
    const { raw } = readResponseHead(answer.headers);
    const kept: string[] = [];
    for (let i = 0; i + 1 < raw.length; i += 2)
      if (!OWN.has(raw[i]!.toLowerCase())) kept.push(raw[i]!, raw[i + 1]!);
    const key = acceptKey(this.#message.headers["sec-websocket-key"] ?? "");
    kept.push("connection", "Upgrade", "upgrade", "websocket", "sec-websocket-accept", key);
    response.writeHead(101, "Switching Protocols", kept);
    response.flushHeaders();
    response.detachSocket(this.#message.socket);
    const { maxMessageBytes, takesUnmasked = false } = socket;
    const wire = new WireSocket(this.#stream, {
      isServer: true,
      takesUnmasked,
      head: this.#head,
      maxMessageBytes,
    });
    this.#onSwitch(wire);
    socket.connect(wire);
  }
}

/** The answer to a request that was no handshake, of a worker that answered with a WebSocket. */
export function upgradeRequired(accept: string): EdgeResponse {
  const page = errorPage(
    426,
    null,
    "Upgrade required",
    "The worker answers here with a WebSocket, and this request does not ask for one.",
    accept,
  );
  return { ...page, headers: `${page.headers}\nsec-websocket-version\n13`, outcome: "ok" };
}
