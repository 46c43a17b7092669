import { dictionary, requireArguments, requireConstructorArguments } from "../webidl/arguments.ts";
import { Event, eventInternals, type EventInit } from "./event.ts";

/** An event that carries any value. DOM, 2.4. */
export class CustomEvent extends Event {
  #detail: unknown;
  constructor(type: string, init: EventInit & { detail?: unknown } = {}) {
    requireConstructorArguments("CustomEvent", arguments.length, 1);
    super(type, init);
    this.#detail = dictionary(init, "The second argument of 'CustomEvent'").detail ?? null;
  }
  get detail(): unknown {
    return this.#detail;
  }
  initCustomEvent(type: string, bubbles = false, cancelable = false, detail: unknown = null): void {
    void this.#detail;
    requireArguments("'initCustomEvent' on 'CustomEvent'", arguments.length, 1);
    if (eventInternals.init(this, type, bubbles, cancelable)) this.#detail = detail;
  }
}
