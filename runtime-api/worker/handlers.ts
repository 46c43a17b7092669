import type { EventContext } from "./event-context.ts";

/** A handler of the loaded version, ready to be called with what its event brings. */
export interface Handlers {
  /** Answers a request: gives the response, or a promise of it. */
  readonly fetch?: (event: EventContext, request: unknown) => unknown;
  /** The same for a named entrypoint; undefined if the version has none of that name. */
  readonly entrypoint?: (name: string) => Handlers["fetch"];
  /** Is told of events of other workers. */
  readonly tail?: (event: EventContext, items: unknown) => unknown;
  readonly scheduled?: (event: EventContext, cron: string, scheduledTimeMs: number) => unknown;
}

/** The handlers of the version in this isolate; none until `load` has found them. */
export let handlers: Handlers = {};

export function setHandlers(found: Handlers): void {
  handlers = found;
}
