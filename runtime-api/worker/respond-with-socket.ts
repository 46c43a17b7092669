import { BodyKind } from "../contract/flat.ts";
import { Out } from "../contract/out.ts";
import { socketHooks } from "../websocket/socket-hooks.ts";
import type { EventContext } from "./event-context.ts";
import { HostSocket, RESPONSE_SOCKET } from "./host-socket.ts";
import { endIfDone, releaseHeld } from "./lifecycle.ts";
import { put } from "./output.ts";

/**
 * Answers a request with a WebSocket: an end of a pair, whose other end talks to the client from now on, or the
 * connection of a `fetch`, which the host joins to the client's.
 *
 * @throws TypeError if the WebSocket was accepted or used before
 */
export function respondWithSocket(
  event: EventContext,
  statusText: string,
  headers: string,
  webSocket: object,
): void {
  const link = socketHooks().take(webSocket);
  const passed = link.passableId;
  const id = passed ?? RESPONSE_SOCKET;
  const weight = headers.length + statusText.length;
  const head = [Out.head, event.id, 101, statusText, headers, BodyKind.socket, id, true] as const;
  if (!put(event, head, weight)) return;
  event.settled = event.answered = true;
  event.responded = passed !== undefined;
  releaseHeld(event);
  if (passed === undefined) link.couple(new HostSocket(event, id));
  else link.pass();
  endIfDone(event);
}
