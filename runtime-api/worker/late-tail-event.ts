import { LatePart } from "../globals/late-part.ts";
import type { EventContext } from "./event-context.ts";

/** What the listeners of a script are told of events of other workers; `tail-event.ts` has it. */
export interface TailEventPart {
  /** Dispatches a `tail` event, and a `trace` event as it was called first. */
  dispatch(event: EventContext, items: unknown): void;
}

export const tailEvents: LatePart<TailEventPart> = new LatePart("Tail events");
