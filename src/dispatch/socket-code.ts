import { SocketCode } from "../../runtime-api/contract/sockets.ts";
import type { Outcome } from "../outcome/outcome.ts";

/** What the client of a WebSocket is told when its event ends so. */
export function socketCode(outcome: Outcome): number {
  if (outcome === "ok") return SocketCode.normal;
  return outcome === "isolateLost" ? SocketCode.restart : SocketCode.workerFailed;
}
