import { cloneWith } from "../clone/structured-clone.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { dispatch, EventTarget, type EventListener, getHandler, setHandler } from "../events/event-target.ts";
import { messageEvent } from "../events/message-event.ts";
import { io } from "../io/io.ts";
import { arrayIndexOf, arrayPush, arraySplice } from "../primordials/array.ts";
import { WeakMapOf, weakMapGet, weakMapSet } from "../primordials/collections.ts";
import { TypeErrorOf } from "../primordials/errors.ts";

/** Open channels of the global scope, in the order in which they were made. */
const ofGlobalScope: BroadcastChannel[] = [];
/** Open channels of each event. */
const ofEvents = new WeakMapOf<object, BroadcastChannel[]>();

/**
 * A channel to all others of its name. A message reaches the channels of the event that posts it, and those that the
 * global scope made, as tasks of that event: nothing passes from one event to another, nor to another isolate.
 * HTML, 9.5.
 */
export class BroadcastChannel extends EventTarget {
  readonly #name: string;
  /** The event that made the channel; undefined for the global scope. */
  readonly #owner: object | undefined;
  #closed = false;

  constructor(name: string) {
    if (arguments.length === 0)
      throw new TypeErrorOf(
        "Failed to construct 'BroadcastChannel': 1 argument required, but only 0 present.",
      );
    super();
    this.#name = `${name}`;
    this.#owner = runningEvent();
    arrayPush(channelsOf(this.#owner), this);
  }

  get name(): string {
    return this.#name;
  }

  /**
   * Posts a copy of the message. Throws an InvalidStateError if the channel is closed, a DataCloneError for what cannot
   * be copied, and an Error in the global scope and in an event other than the channel's.
   */
  postMessage(message: unknown): void {
    const name = this.#name;
    if (arguments.length === 0) {
      throw new TypeErrorOf(
        "Failed to execute 'postMessage' on 'BroadcastChannel': 1 argument required, but only 0 present.",
      );
    }
    if (this.#closed) throw new DOMException("The channel is closed.", "InvalidStateError");
    const event = io.requireEvent(this.#owner) as object;
    // Nobody but this channel ever holds it: each that hears of it gets a copy of its own.
    const { copy } = cloneWith(message, undefined);
    const lists = [ofGlobalScope, channelsOf(event)];
    for (let i = 0; i < lists.length; i++) {
      const list = lists[i] as BroadcastChannel[];
      for (let j = 0; j < list.length; j++) {
        const channel = list[j] as BroadcastChannel;
        if (channel !== this && channel.#name === name) io.setTimer(() => channel.#arrive(copy), 0);
      }
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const list = channelsOf(this.#owner);
    const at = arrayIndexOf(list, this);
    if (at >= 0) arraySplice(list, at, 1);
  }

  get onmessage(): EventListener | null {
    void this.#name;
    return getHandler(this, "message");
  }
  set onmessage(callback: EventListener | null) {
    void this.#name;
    setHandler(this, "message", callback);
  }
  get onmessageerror(): EventListener | null {
    void this.#name;
    return getHandler(this, "messageerror");
  }
  set onmessageerror(callback: EventListener | null) {
    void this.#name;
    setHandler(this, "messageerror", callback);
  }

  #arrive(message: unknown): void {
    if (this.#closed) return;
    dispatch(this, messageEvent("message", cloneWith(message, undefined).copy, {}));
  }
}

function runningEvent(): object | undefined {
  try {
    return io.requireEvent() as object;
  } catch {
    return undefined; // the global scope
  }
}

function channelsOf(event: object | undefined): BroadcastChannel[] {
  if (event === undefined) return ofGlobalScope;
  let list = weakMapGet(ofEvents, event);
  if (list === undefined) weakMapSet(ofEvents, event, (list = []));
  return list;
}
