import { dispatch, hasListeners } from "../events/event-target.ts";
import { defineInterface } from "../globals/define.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import type { EventContext } from "./event-context.ts";
import { tailEvents } from "./late-tail-event.ts";
import { ExtendableEvent, plant, seed } from "./service-worker-events.ts";

/**
 * Events of other workers, in the service-worker format.
 * @see https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/
 */
export class TailEvent extends ExtendableEvent {
  readonly #items: unknown;

  constructor(type: string) {
    super(type);
    this.#items = seed?.items;
  }

  get events(): unknown {
    return this.#items;
  }
  get traces(): unknown {
    return this.#items;
  }
}

/** Defines the class under both of its names. */
export function exposeTailEvents(global: object): void {
  defineInterface(global, "TailEvent", TailEvent);
  objectDefineProperty(global, "TraceEvent", dataDescriptor(TailEvent, false));
}

tailEvents.provide({
  dispatch(event, items) {
    dispatchAs("tail", event, items);
    dispatchAs("trace", event, items);
  },
});

function dispatchAs(type: string, event: EventContext, items: unknown): void {
  if (!hasListeners(globalThis, type)) return;
  dispatch(
    globalThis,
    plant({ event, items }, () => new TailEvent(type)),
  );
}
