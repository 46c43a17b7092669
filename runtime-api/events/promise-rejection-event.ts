import { TypeErrorOf } from "../primordials/errors.ts";
import { isObject, requireConstructorArguments } from "../webidl/arguments.ts";
import { Event, type EventInit } from "./event.ts";

/** Tells of a promise that was rejected and that nobody handled. HTML, 8.1.4.6. */
export class PromiseRejectionEvent extends Event {
  #promise: object;
  #reason: unknown;
  constructor(type: string, init: EventInit & { promise: object; reason?: unknown }) {
    requireConstructorArguments("PromiseRejectionEvent", arguments.length, 2);
    super(type, init);
    const promise: unknown = init?.promise;
    if (!isObject(promise)) {
      throw new TypeErrorOf(
        "Failed to construct 'PromiseRejectionEvent': the member 'promise' is required, and an object.",
      );
    }
    this.#promise = promise;
    this.#reason = init.reason;
  }
  get promise(): object {
    return this.#promise;
  }
  get reason(): unknown {
    return this.#reason;
  }
}
