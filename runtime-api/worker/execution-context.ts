import { Out } from "../contract/out.ts";
import { nameConstructor } from "../globals/define.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { jsonParse, symbolToStringTag } from "../primordials/values.ts";
import type { EventContext } from "./event-context.ts";
import { holdUntil } from "./lifecycle.ts";
import { put } from "./output.ts";
import { requireCurrent, requireOwner } from "./turn.ts";

let constructing: EventContext | undefined;

/** The `ctx` of a handler. */
export class ExecutionContext {
  readonly #event: EventContext;
  readonly props: unknown;

  constructor() {
    if (constructing === undefined) throw new TypeErrorOf("Illegal constructor");
    this.#event = constructing;
    const { propsJson } = constructing;
    this.props = propsJson === "" ? {} : jsonParse(propsJson);
  }

  /** Keeps the event alive until `promise` settles, for at most 30 seconds after the response. */
  waitUntil(promise: unknown): void {
    requireOwner(this.#event);
    void holdUntil(this.#event, promise);
  }

  /** Lets the origin answer if the handler throws. */
  passThroughOnException(): void {
    requireOwner(this.#event);
    passThrough(this.#event);
  }

  get [symbolToStringTag](): string {
    return "ExecutionContext";
  }
}
nameConstructor(ExecutionContext, "ExecutionContext");

/** Tells the host; only a request has an origin that could answer. */
export function passThrough(event: EventContext): void {
  if (event.kind === "fetch") put(event, [Out.passThrough, event.id], 0);
}

/** The `ctx` of an event. */
export function executionContext(event: EventContext): ExecutionContext {
  constructing = event;
  try {
    return new ExecutionContext();
  } finally {
    constructing = undefined;
  }
}

/** `waitUntil` of `cloudflare:workers`: that of the event whose slice runs. A method keeps its name in the image. */
export const { waitUntil: waitUntilCurrent } = {
  waitUntil(promise: unknown): void {
    void holdUntil(requireCurrent(), promise);
  },
};
