import { TypeErrorOf } from "../primordials/errors.ts";
import { Event, type EventInit } from "./event.ts";

/** Tells of a promise that was rejected and that nobody handled. */
export class PromiseRejectionEvent extends Event {
  #promise: unknown;
  #reason: unknown;
  constructor(type: string, init: EventInit & { promise: unknown; reason?: unknown }) {
    super(type, init);
    if (init?.promise === undefined) {
      throw new TypeErrorOf("Failed to construct 'PromiseRejectionEvent': the member 'promise' is required.");
    }
    this.#promise = init.promise;
    this.#reason = init.reason;
  }
  get promise(): unknown {
    return this.#promise;
  }
  get reason(): unknown {
    return this.#reason;
  }
}
