import type { InMessage } from "../../runtime-api/contract/in.ts";
import type { Out, OutMessage } from "../../runtime-api/contract/out.ts";
import { SocketCode } from "../../runtime-api/contract/sockets.ts";
import { joinSockets } from "../websocket/join-sockets.ts";
import type { MessageSocket } from "../websocket/message-socket.ts";
import type { EdgeSocket } from "./edge.ts";
import { EventSocket } from "./event-socket.ts";

/** A record of a WebSocket that an isolate sent. */
export type SocketRecord = OutMessage & {
  type: typeof Out.socketMessage | typeof Out.socketPart | typeof Out.socketCredit | typeof Out.socketClose;
};

interface EventSocketsOptions {
  readonly event: number;
  readonly maxMessageBytes: number;
  readonly send: (message: InMessage) => void;
  readonly progress: () => void;
  readonly refresh: () => void;
}

/** The WebSockets of one event: that of its response, and those that it opened. */
export class EventSockets {
  readonly #options: EventSocketsOptions;
  readonly #sockets = new Map<number, EventSocket>();
  #nextId = 2;
  /** Ends the socket that is the event's response. */
  #shutResponse: ((code: number, reason: string) => void) | null = null;

  constructor(options: EventSocketsOptions) {
    this.#options = options;
  }

  /** Takes a connection that was made for the worker, and gives its id. */
  open(wire: MessageSocket): number {
    const id = this.#nextId;
    this.#nextId += 2;
    this.#make(id, () => {}).attach(wire);
    return id;
  }

  record(record: SocketRecord): void {
    this.#sockets.get(record.socket)?.record(record);
  }

  /**
   * The event's answer is a socket: one that the isolate opens, or a connection of the event that goes to the
   * client untouched.
   * @param onEnd Called once, when it is over.
   * @returns null if the isolate may not pass that connection on
   */
  respond(id: number, onEnd: (wasClean: boolean) => void): EdgeSocket | null {
    return id % 2 === 1 ? this.#own(id, onEnd) : this.#pass(id, onEnd);
  }

  /** Closes the socket that is the event's response, if there is one. */
  shutResponse(code: number, reason: string): void {
    this.#shutResponse?.(code, reason);
  }

  /** The event is over. @param code what the client of the response is told */
  endAll(code: number): void {
    this.#shutResponse?.(code, "");
    for (const socket of [...this.#sockets.values()]) socket.shut(SocketCode.goingAway, "");
  }

  #own(id: number, onEnd: (wasClean: boolean) => void): EdgeSocket {
    const socket = this.#make(id, (wasClean) => {
      this.#shutResponse = null;
      onEnd(wasClean);
    });
    this.#shutResponse = (code, reason) => socket.shut(code, reason);
    return {
      maxMessageBytes: this.#options.maxMessageBytes,
      connect: (client) => socket.connect(client),
      refuse: () => socket.refuse(),
    };
  }

  #pass(id: number, onEnd: (wasClean: boolean) => void): EdgeSocket | null {
    const server = this.#sockets.get(id)?.take() ?? null;
    if (server === null) return null;
    this.#sockets.delete(id);
    const over = (wasClean: boolean): void => {
      if (this.#shutResponse === null) return;
      this.#shutResponse = null;
      onEnd(wasClean);
    };
    const abandon = (): void => {
      server.terminate();
      over(false);
    };
    this.#shutResponse = abandon;
    return {
      maxMessageBytes: this.#options.maxMessageBytes,
      connect: (client) => {
        if (this.#shutResponse === null) return client.terminate();
        this.#shutResponse = (code, reason) => {
          client.close(code, reason);
          server.close(SocketCode.goingAway, "");
          over(true);
        };
        joinSockets(client, server, () => over(true));
      },
      refuse: abandon,
    };
  }

  #make(id: number, onEnd: (wasClean: boolean) => void): EventSocket {
    const { event, send, progress, refresh } = this.#options;
    const socket = new EventSocket({
      event,
      id,
      send,
      progress,
      refresh,
      onEnd: (wasClean) => {
        this.#sockets.delete(id);
        onEnd(wasClean);
      },
    });
    this.#sockets.set(id, socket);
    return socket;
  }
}
