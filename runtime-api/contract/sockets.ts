import { SOCKET_RECORD_COST } from "./bounds.ts";

/** What a record of a WebSocket takes of its direction's credit. @param length of its text or bytes */
export function socketCost(length: number): number {
  return length + SOCKET_RECORD_COST;
}

/**
 * Whether a close frame may carry this code (RFC 6455, section 7.4): those that stand for the absence of a frame
 * or code (1005, 1006, 1015), and those that nobody has given a meaning, may not.
 */
export function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

/** What a peer sees where somebody else than the worker ends a WebSocket. */
export const SocketCode = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  /** No code was in the close frame. Never sent. */
  none: 1005,
  /** There was no close frame. Never sent. */
  lost: 1006,
  notUtf8: 1007,
  /** The peer sent too many frames that say nothing. */
  policy: 1008,
  tooBig: 1009,
  /** The worker threw, or met a limit. */
  workerFailed: 1011,
  /** The worker was redeployed or evicted, or the host closes: connect again. */
  restart: 1012,
} as const;
