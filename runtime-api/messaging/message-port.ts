import { cloneWith, sequenceOfObjects } from "../clone/structured-clone.ts";
import { dataCloneError } from "../clone/errors.ts";
import { registerTransferable } from "../clone/transfer.ts";
import { Event } from "../events/event.ts";
import {
  dispatch,
  EventTarget,
  type EventListener,
  getHandler,
  hasListeners,
  setHandler,
} from "../events/event-target.ts";
import { messageEvent } from "../events/message-event.ts";
import { portBrand } from "../events/port-brand.ts";
import { io } from "../io/io.ts";
import { arrayIncludes, arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { symbolIterator } from "../primordials/values.ts";

/** A message under way: what was copied, and the ports that came with it. */
interface Message {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}

/** Makes two ports, each the other's end. Tenants have no way to this. */
export let entangledPorts: () => [MessagePort, MessagePort];

let constructing = false;

/**
 * One end of a channel. A message is copied when it is posted, and arrives as a task of the event that
 * posted it: it runs like a due timer of that event, and is gone when the event is. HTML, 9.4.4.
 */
export class MessagePort extends EventTarget {
  #peer: MessagePort | undefined;
  /** Messages that came before the port was started. */
  #queue: Message[] = [];
  #started = false;
  /** Closed or transferred: it can not be handed over any more. */
  #detached = false;
  /** The port that this one was transferred to. */
  #successor: MessagePort | undefined;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
    super();
  }

  postMessage(message: unknown, options?: unknown): void {
    const peer = this.#peer;
    if (arguments.length === 0) {
      throw new TypeErrorOf(
        "Failed to execute 'postMessage' on 'MessagePort': 1 argument required, but only 0 present.",
      );
    }
    const transfer = transferOf(options);
    if (transfer !== undefined && arrayIncludes(transfer, this))
      throw dataCloneError("A port cannot be transferred over itself.");
    const { copy, received } = cloneWith(message, transfer);
    // A channel whose other end travels over it cannot deliver: nobody could ever hold that end.
    if (peer === undefined || (transfer !== undefined && arrayIncludes(transfer, peer))) return;
    const ports: MessagePort[] = [];
    for (let i = 0; i < received.length; i++)
      if (isPort(received[i])) arrayPush(ports, received[i] as MessagePort);
    peer.#post({ data: copy, ports });
  }

  start(): void {
    if (this.#started || this.#successor !== undefined) return;
    this.#started = true;
    const queue = this.#queue;
    this.#queue = [];
    for (let i = 0; i < queue.length; i++) this.#post(queue[i] as Message);
  }

  close(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    this.#detached = true;
    if (peer === undefined) return;
    peer.#peer = undefined;
    if (!hasListeners(peer, "close")) return;
    try {
      io.setTimer(() => dispatch(peer, new Event("close")), 0);
    } catch {
      // In the global scope there are no tasks: the other end is closed, and does not hear of it.
    }
  }

  get onmessage(): EventListener | null {
    void this.#peer;
    return getHandler(this, "message");
  }
  set onmessage(callback: EventListener | null) {
    void this.#peer;
    setHandler(this, "message", callback);
    this.start();
  }
  get onmessageerror(): EventListener | null {
    void this.#peer;
    return getHandler(this, "messageerror");
  }
  set onmessageerror(callback: EventListener | null) {
    void this.#peer;
    setHandler(this, "messageerror", callback);
  }
  get onclose(): EventListener | null {
    void this.#peer;
    return getHandler(this, "close");
  }
  set onclose(callback: EventListener | null) {
    void this.#peer;
    setHandler(this, "close", callback);
  }

  /** Puts a message in the port's queue; a port that is started turns it into a task. */
  #post(message: Message): void {
    if (this.#started) io.setTimer(() => this.#arrive(message), 0);
    else arrayPush(this.#queue, message);
  }

  /** The task of a message: the port may have been transferred since it was posted. */
  #arrive(message: Message): void {
    if (this.#successor !== undefined) this.#successor.#arrive(message);
    else if (!this.#started) arrayPush(this.#queue, message);
    else dispatch(this, messageEvent("message", message.data, { ports: message.ports }));
  }

  static {
    const make = (): MessagePort => {
      constructing = true;
      try {
        return new MessagePort();
      } finally {
        constructing = false;
      }
    };
    entangledPorts = () => {
      const first = make();
      const second = make();
      first.#peer = second;
      second.#peer = first;
      return [first, second];
    };
    portBrand.isPort = (value) => typeof value === "object" && value !== null && #started in value;
    registerTransferable((value) => {
      if (!(#started in value)) return undefined;
      const port: MessagePort = value;
      const copy = make();
      return {
        copy,
        blocked: () => port.#detached,
        finish() {
          port.#successor = copy;
          copy.#peer = port.#peer;
          if (copy.#peer !== undefined) copy.#peer.#peer = copy;
          copy.#queue = port.#queue;
          port.#peer = undefined;
          port.#detached = true;
          port.#queue = [];
        },
      };
    });
  }
}

function isPort(value: unknown): value is MessagePort {
  return portBrand.isPort(value);
}

/** The transfer list of `postMessage`, which takes it alone or as a member of its options. */
function transferOf(options: unknown): object[] | undefined {
  if (options === undefined || options === null) return undefined;
  if (typeof options !== "object" && typeof options !== "function") {
    throw new TypeErrorOf("Failed to execute 'postMessage' on 'MessagePort': the options are not an object.");
  }
  const method = (options as Iterable<object>)[symbolIterator] as unknown;
  const list =
    method === undefined || method === null ? (options as { transfer?: unknown }).transfer : options;
  if (list === undefined) return undefined;
  return sequenceOfObjects(list);
}
