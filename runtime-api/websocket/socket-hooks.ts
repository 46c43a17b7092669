import type { SocketLink } from "./socket-link.ts";

/** What fetch and the turn loop need of WebSockets. Their code is evaluated when a worker first touches it. */
export interface SocketHooks {
  isWebSocket(value: unknown): boolean;
  /**
   * Takes a WebSocket for a response; it is of no other use from then on.
   * @throws TypeError if the worker has accepted it, or has given it to a response before
   */
  take(socket: object): SocketLink;
  /** The WebSocket of a response to `fetch`, for the worker to accept. */
  fromFetch(link: SocketLink, protocol: string): object;
}

let hooks: SocketHooks | undefined;
let load: () => void = () => {};

/** Says what evaluates the code of WebSockets. */
export function setSocketLoader(loader: () => void): void {
  load = loader;
}

/** Set by that code when it is evaluated. */
export function setSocketHooks(made: SocketHooks): void {
  hooks = made;
}

/** The hooks; evaluates the code of WebSockets. */
export function socketHooks(): SocketHooks {
  if (hooks === undefined) load();
  return hooks as SocketHooks;
}

/** Whether a value is a WebSocket, by its brand. Without their code there can be none. */
export function isWebSocket(value: unknown): value is object {
  return hooks !== undefined && hooks.isWebSocket(value);
}
