import { objectFreeze } from "../primordials/object.ts";
import { Event, type EventInit } from "./event.ts";

export interface MessageEventInit extends EventInit {
  data?: unknown;
  origin?: string;
  lastEventId?: string;
}

/** Tells of a message; ports do not exist yet. */
export class MessageEvent extends Event {
  #data: unknown;
  #origin: string;
  #lastEventId: string;
  constructor(type: string, init?: MessageEventInit) {
    super(type, init);
    this.#data = init?.data ?? null;
    this.#origin = `${init?.origin ?? ""}`;
    this.#lastEventId = `${init?.lastEventId ?? ""}`;
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
  get source(): null {
    return null;
  }
  get ports(): readonly unknown[] {
    return objectFreeze([]);
  }
}
