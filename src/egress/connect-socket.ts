import type { Socket } from "node:net";
import type { buildConnector } from "undici";
import { BodyKind, type Flat } from "../../runtime-api/contract/flat.ts";
import { WireSocket } from "../websocket/wire-socket.ts";
import { EgressError } from "./egress-error.ts";
import type { EgressSettings } from "./egress-options.ts";
import type { Places } from "./fetch-gates.ts";
import { messageBody } from "./message-body.ts";
import { type OriginHead, readOriginHead } from "./origin-head.ts";
import type { EgressContext } from "./outbound-request.ts";
import { type SocketAnswer, shakeHands } from "./socket-handshake.ts";
import { readSocketRequest } from "./socket-request.ts";
import { TotalTime } from "./total-time.ts";

/**
 * Answers a `connect` call: makes a WebSocket to a server, or gives the server's answer where it will have none.
 *
 * @param places are given back when the connection is over.
 * @param open connections that are open, where this one is put until then.
 * @throws {EgressError} for all that the worker shall see; the signal's reason if it aborts.
 */
export async function connectSocket(
  args: readonly Flat[],
  context: EgressContext,
  connector: buildConnector.connector,
  settings: EgressSettings,
  places: Places,
  open: Set<Socket>,
): Promise<readonly Flat[]> {
  const asked = readSocketRequest(args, context);
  const { message, connection } = await shakeHands(asked, connector, settings, context.signal);
  places.answered();
  const ended = (): void => places.ended();
  const head = headOf(message);
  if (head === null) {
    message.destroy();
    connection?.socket.destroy();
    throw new EgressError("TypeError", "Cannot connect: the response has too many headers");
  }
  if (connection === null) {
    const stop = new TotalTime(settings.totalTimeoutMs).watch({ abort: () => void message.destroy() });
    message.on("close", stop).on("close", ended);
    message.setTimeout(settings.bodyIdleMs, () => message.destroy());
    const id = context.openStream(messageBody(message, context.limits.egressResponseBytes));
    return [head.status, head.statusText, head.headers, BodyKind.stream, id, asked.url.href, false];
  }
  const { socket } = connection;
  open.add(socket);
  socket.on("close", () => {
    open.delete(socket);
    ended();
  });
  socket.setTimeout(0);
  socket.setNoDelay(true);
  const wire = new WireSocket(socket, {
    isServer: false,
    head: connection.head,
    maxMessageBytes: context.limits.socketMessageBytes,
  });
  const id = context.openSocket(wire);
  return [head.status, head.statusText, head.headers, BodyKind.socket, id, asked.url.href, false];
}

function headOf(message: SocketAnswer["message"]): OriginHead | null {
  const raw = message.rawHeaders.map((text) => Buffer.from(text, "latin1"));
  return readOriginHead(message.statusCode ?? 0, message.statusMessage ?? "", raw);
}
