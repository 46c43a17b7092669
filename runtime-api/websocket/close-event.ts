import { Event, type EventInit } from "../events/event.ts";
import { dictionary, requireConstructorArguments } from "../webidl/arguments.ts";
import { toWellFormedText } from "../webidl/convert.ts";

export interface CloseEventInit extends EventInit {
  wasClean?: boolean;
  code?: number;
  reason?: string;
}

/** Tells that a WebSocket's connection is over. WebSockets, 6. */
export class CloseEvent extends Event {
  #wasClean: boolean;
  #code: number;
  #reason: string;
  constructor(type: string, init: CloseEventInit = {}) {
    requireConstructorArguments("CloseEvent", arguments.length, 1);
    super(type, init);
    const given = dictionary(init, "The second argument of 'CloseEvent'");
    const { code } = given;
    this.#code = code === undefined ? 0 : +code & 0xffff;
    const { reason } = given;
    this.#reason = reason === undefined ? "" : toWellFormedText(reason);
    this.#wasClean = Boolean(given.wasClean);
  }
  get wasClean(): boolean {
    return this.#wasClean;
  }
  get code(): number {
    return this.#code;
  }
  get reason(): string {
    return this.#reason;
  }
}
