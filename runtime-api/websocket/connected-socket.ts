import { BodyKind, type Flat } from "../contract/flat.ts";
import { io } from "../io/io.ts";
import { promiseHandled } from "../primordials/promise.ts";
import { stringSplit } from "../primordials/string.ts";
import { streamCancel } from "../streams/stream-state.ts";
import type { ByteStream } from "../streams/stream-state.ts";
import type { SocketLink } from "./socket-link.ts";

/** A connection that the host has made for the worker. */
export interface ConnectedSocket {
  readonly link: SocketLink;
  /** The protocol that the server picked, or the empty string. */
  readonly protocol: string;
}

/**
 * The socket of a reply to `connect`; undefined where the server did not switch to WebSockets, whose answer
 * is let go then.
 */
export function connectedSocket(reply: readonly Flat[]): ConnectedSocket | undefined {
  const kind = reply[3];
  if (kind === BodyKind.socket)
    return { link: io.hostSocket(reply[4] as number), protocol: protocolOf(reply[2] as string) };
  if (kind === BodyKind.stream) {
    const stream = io.hostBody(reply[4] as number).open() as unknown as ByteStream;
    promiseHandled(streamCancel(stream, undefined));
  }
  return undefined;
}

function protocolOf(headers: string): string {
  const lines = stringSplit(headers, "\n");
  for (let i = 0; i + 1 < lines.length; i += 2)
    if (lines[i] === "sec-websocket-protocol") return lines[i + 1] as string;
  return "";
}
