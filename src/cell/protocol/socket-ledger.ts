import {
  FIRST_CREDIT_BYTES,
  SOCKET_MESSAGE_BYTES,
  WINDOW_BYTES,
} from "../../../runtime-api/contract/bounds.ts";
import { In, type InMessage } from "../../../runtime-api/contract/in.ts";
import { Out } from "../../../runtime-api/contract/out.ts";
import { socketCost } from "../../../runtime-api/contract/sockets.ts";
import type { SocketOut } from "./socket-codec.ts";
import { Violation } from "./violation.ts";

/** A record of a WebSocket that goes into an isolate. */
export type SocketIn = InMessage & {
  type: typeof In.socketMessage | typeof In.socketPart | typeof In.socketCredit | typeof In.socketClose;
};

interface Socket {
  credit: number;
  /** What the isolate lets come in: credit that it gave, less what came. */
  granted: number;
  /** The isolate has sent something on it: it cannot be passed on any more. */
  used: boolean;
  /** The isolate passed it on: it is the host's alone. */
  passed: boolean;
  isolateClosed: boolean;
  hostClosed: boolean;
  /** A message whose last part has not come; null between messages. */
  open: { readonly isText: boolean; bytes: number } | null;
}

/** Whether a record ends a message of a WebSocket, which gives its event new budgets. */
export function endsMessage(message: InMessage): boolean {
  return message.type === In.socketMessage || (message.type === In.socketPart && message.isLast);
}

/** The order rules of one event's WebSockets, §11 of `docs/turn-protocol.md`. */
export class SocketLedger {
  readonly #sockets = new Map<number, Socket>();

  /** The host names a socket in a reply. */
  hostOpens(id: number): void {
    this.#sockets.set(id, newSocket());
  }

  /**
   * The isolate names a socket in its head: one of its own, or one of the host that it passes on.
   * @throws Violation if it may not
   */
  isolateNames(id: number): void {
    const socket = this.#sockets.get(id);
    if (id % 2 === 1) {
      if (socket !== undefined) throw new Violation("a socket's id was used before");
      this.#sockets.set(id, { ...newSocket(), used: true });
    } else if (socket === undefined || socket.used || socket.passed) {
      throw new Violation("an unknown or used socket is passed on");
    } else socket.passed = true;
  }

  /** Whether something is to come whatever the isolate does: on the socket of its answer, or after its close. */
  get expects(): boolean {
    for (const [id, { hostClosed, isolateClosed, passed }] of this.#sockets)
      if (!hostClosed && !passed && (isolateClosed || id % 2 === 1)) return true;
    return false;
  }

  /** Notes a record of the host. Gives false if it is late or unknown and must not go in. */
  inbound(message: SocketIn): boolean {
    const socket = this.#sockets.get(message.socket);
    if (socket === undefined || socket.hostClosed || socket.passed) return false;
    if (message.type === In.socketCredit) socket.credit += message.credit;
    else if (message.type === In.socketClose) socket.hostClosed = true;
    else if (socket.isolateClosed) return false;
    else
      socket.granted -= socketCost((message.type === In.socketMessage ? message.data : message.bytes).length);
    return true;
  }

  /**
   * Checks a record of the isolate. Gives false if it is late, which an honest runtime can be.
   * @throws Violation if no order of crossing messages explains it
   */
  outbound(message: SocketOut): boolean {
    const socket = this.#sockets.get(message.socket);
    if (socket === undefined) throw new Violation("a socket that was never opened");
    if (socket.passed) throw new Violation("a socket that was passed on is used");
    socket.used = true;
    if (message.type === Out.socketCredit) {
      socket.granted += message.credit;
      // What waits for an isolate that is busy lies in the host: without a bound it would be all that a peer sends.
      if (socket.granted > WINDOW_BYTES) throw new Violation("more credit for a socket than its window");
      return !socket.hostClosed;
    }
    if (socket.isolateClosed) throw new Violation("a socket goes on after its close");
    if (message.type === Out.socketClose) {
      socket.isolateClosed = true;
      return !socket.hostClosed;
    }
    if (socket.credit <= 0) throw new Violation("a message beyond the socket's credit");
    socket.credit -= socketCost((message.type === Out.socketMessage ? message.data : message.bytes).length);
    follow(socket, message);
    return !socket.hostClosed;
  }
}

function newSocket(): Socket {
  return {
    credit: FIRST_CREDIT_BYTES,
    granted: 0,
    used: false,
    passed: false,
    isolateClosed: false,
    hostClosed: false,
    open: null,
  };
}

/** Parts of one message follow each other, all text or all bytes, up to the last. */
function follow(
  socket: Socket,
  message: SocketOut & { type: typeof Out.socketMessage | typeof Out.socketPart },
): void {
  if (message.type === Out.socketMessage) {
    if (socket.open !== null) throw new Violation("a message amid the parts of another");
    return;
  }
  const open = (socket.open ??= { isText: message.isText, bytes: 0 });
  if (open.isText !== message.isText) throw new Violation("parts of text and of bytes in one message");
  open.bytes += message.bytes.length;
  if (open.bytes > SOCKET_MESSAGE_BYTES) throw new Violation("a message that is too long");
  if (message.isLast) socket.open = null;
}
