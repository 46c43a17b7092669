import { defineInterface } from "../globals/define.ts";
import { CloseEvent } from "./close-event.ts";
import { setSocketHooks } from "./socket-hooks.ts";
import { WebSocketPair } from "./web-socket-pair.ts";
import { WebSocketRequestResponsePair } from "./web-socket-request-response-pair.ts";
import { WebSocket, webSocketInternals } from "./web-socket.ts";

setSocketHooks({
  isWebSocket: (value) => webSocketInternals.isWebSocket(value),
  take: (socket) => webSocketInternals.take(socket as WebSocket),
  fromFetch: (link, protocol) => webSocketInternals.make(link, protocol),
});

/** The globals of WebSockets. */
export function exposeWebSockets(global: object): void {
  defineInterface(global, "WebSocket", WebSocket);
  defineInterface(global, "WebSocketPair", WebSocketPair);
  defineInterface(global, "WebSocketRequestResponsePair", WebSocketRequestResponsePair);
  defineInterface(global, "CloseEvent", CloseEvent);
}
