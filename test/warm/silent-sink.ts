import type { EventSink } from "../../src/warm/event-sink.ts";

/** A GET that does nothing with what it is told. @param own what it does otherwise */
export function silentSink(own: Partial<EventSink> = {}): EventSink {
  return {
    what: { kind: "fetch", method: "GET", url: null },
    message: () => {},
    cost: () => {},
    lost: () => {},
    loaded: () => {},
    refused: () => {},
    retire: () => {},
    ...own,
  };
}
