import { FIRST_CREDIT_BYTES } from "../../runtime-api/contract/bounds.ts";
import { isCloseCode } from "../../runtime-api/contract/sockets.ts";
import type { MessageSocket, SocketHandler } from "./message-socket.ts";

/**
 * Joins two connections: what comes on one goes out on the other, no faster than that one takes it.
 * @param onEnd Called once, when both are over.
 */
export function joinSockets(first: MessageSocket, second: MessageSocket, onEnd: () => void): void {
  let open = 2;
  const over = (): void => {
    if (--open === 0) onEnd();
  };
  first.start(passTo(second, over));
  second.start(passTo(first, over));
  first.grant(FIRST_CREDIT_BYTES);
  second.grant(FIRST_CREDIT_BYTES);
}

/** Hands what comes from one socket to `target`, and lets `target` bring more as what it brought is taken. */
function passTo(target: MessageSocket, over: () => void): SocketHandler {
  return {
    message: (data) => target.send(data),
    part: (isText, isLast, bytes) => target.sendPart(isText, isLast, bytes),
    sent: (cost) => target.grant(cost),
    closed(code, reason, wasClean) {
      if (wasClean) target.close(isCloseCode(code) ? code : 0, isCloseCode(code) ? reason : "");
      else target.terminate();
      over();
    },
  };
}
