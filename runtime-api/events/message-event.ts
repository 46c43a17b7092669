import { arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { objectFreeze } from "../primordials/object.ts";
import { dictionary, requireArguments, requireConstructorArguments } from "../webidl/arguments.ts";
import { toSequence, toText, toWellFormedText } from "../webidl/convert.ts";
import { Event, eventInternals, type EventInit } from "./event.ts";
import { portBrand } from "./port-brand.ts";

export interface MessageEventInit extends EventInit {
  data?: unknown;
  origin?: string;
  lastEventId?: string;
  source?: object | null;
  ports?: Iterable<object>;
}

/** Makes an event of the runtime's own, without a look at what tenants may have patched. */
export let messageEvent: (
  type: string,
  data: unknown,
  more: { readonly origin?: string; readonly lastEventId?: string; readonly ports?: readonly object[] },
) => MessageEvent;

/** Tells of a message: of a port, a socket or an event source. HTML, 9.1. */
export class MessageEvent extends Event {
  #data: unknown = null;
  #origin = "";
  #lastEventId = "";
  #source: object | null = null;
  #ports: readonly object[] | undefined;
  constructor(type: string, init: MessageEventInit = {}) {
    requireConstructorArguments("MessageEvent", arguments.length, 1);
    super(type, init);
    const given = dictionary(init, "The second argument of 'MessageEvent'");
    const { data } = given;
    if (data !== undefined) this.#data = data;
    const { lastEventId } = given;
    if (lastEventId !== undefined) this.#lastEventId = toText(lastEventId);
    const { origin } = given;
    if (origin !== undefined) this.#origin = toWellFormedText(origin);
    const { ports } = given;
    if (ports !== undefined) this.#ports = toPorts(ports);
    const { source } = given;
    if (source !== undefined) this.#source = toSource(source);
  }
  get data(): unknown {
    return this.#data;
  }
  get origin(): string {
    return this.#origin;
  }
  get lastEventId(): string {
    return this.#lastEventId;
  }
  get source(): object | null {
    return this.#source;
  }
  get ports(): readonly object[] {
    return (this.#ports ??= objectFreeze([]));
  }
  initMessageEvent(
    type: string,
    bubbles = false,
    cancelable = false,
    data: unknown = null,
    origin = "",
    lastEventId = "",
    source: object | null = null,
    ports: Iterable<object> = [],
  ): void {
    void this.#data;
    requireArguments("'initMessageEvent' on 'MessageEvent'", arguments.length, 1);
    const name = toText(type);
    const originText = toWellFormedText(origin);
    const idText = toText(lastEventId);
    const from = toSource(source);
    const list = toPorts(ports);
    if (!eventInternals.init(this, name, bubbles, cancelable)) return;
    this.#data = data;
    this.#origin = originText;
    this.#lastEventId = idText;
    this.#source = from;
    this.#ports = list;
  }

  static {
    messageEvent = (type, data, { origin = "", lastEventId = "", ports }) => {
      const event = new MessageEvent(type);
      event.#data = data;
      event.#origin = origin;
      event.#lastEventId = lastEventId;
      if (ports !== undefined) event.#ports = objectFreeze(ports);
      return event;
    };
  }
}

function toSource(value: unknown): object | null {
  if (value === null || value === undefined) return null;
  if (!portBrand.isPort(value)) throw new TypeErrorOf("The source of a MessageEvent is not a MessagePort.");
  return value as object;
}

function toPorts(value: unknown): readonly object[] {
  const items = toSequence(value, "The list of ports of a MessageEvent");
  const ports: object[] = [];
  for (let i = 0; i < items.length; i++) {
    if (!portBrand.isPort(items[i])) throw new TypeErrorOf("A port of a MessageEvent is not a MessagePort.");
    arrayPush(ports, items[i] as object);
  }
  return objectFreeze(ports);
}
