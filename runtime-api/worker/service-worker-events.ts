import { DOMException } from "../dom-exception/dom-exception.ts";
import { Event } from "../events/event.ts";
import { defineInterface } from "../globals/define.ts";
import { arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import type { EventContext } from "./event-context.ts";
import { passThrough } from "./execution-context.ts";
import { holdUntil, reportUncaught } from "./lifecycle.ts";
import { requireOwner } from "./turn.ts";

/** What the constructors below take; only the turn loop has it, so tenants cannot make such events. */
interface Seed {
  readonly event: EventContext;
  readonly request?: unknown;
  readonly cron?: string;
  readonly scheduledTimeMs?: number;
  readonly items?: unknown;
}

export let seed: Seed | undefined;

/** An event that can be kept alive, in the service-worker format. */
export class ExtendableEvent extends Event {
  readonly #event: EventContext;

  constructor(type: string) {
    if (seed === undefined) throw new TypeErrorOf("Illegal constructor");
    super(type);
    this.#event = seed.event;
  }

  waitUntil(promise: unknown): void {
    requireOwner(this.#event);
    void holdUntil(this.#event, promise);
  }

  passThroughOnException(): void {
    requireOwner(this.#event);
    passThrough(this.#event);
  }
}

/** Reads the promise that `respondWith` got; undefined where it was not called. */
export let responseOf: (event: FetchEvent) => { readonly promise: unknown } | undefined;

/** A request, in the service-worker format. */
export class FetchEvent extends ExtendableEvent {
  readonly #request: unknown;
  #response: { readonly promise: unknown } | undefined;
  #late = false;

  constructor() {
    super("fetch");
    this.#request = (seed as Seed).request;
  }

  get request(): unknown {
    return this.#request;
  }

  respondWith(promise: unknown): void {
    if (this.#response !== undefined) {
      throw new DOMException(
        "FetchEvent.respondWith() has already been called; it can only be called once.",
        "InvalidStateError",
      );
    }
    if (this.#late) {
      throw new DOMException(
        "Too late to call FetchEvent.respondWith(). It must be called synchronously in the event handler.",
        "InvalidStateError",
      );
    }
    this.#response = { promise };
  }

  static {
    responseOf = (event) => {
      event.#late = true;
      return event.#response;
    };
  }
}

/** A cron trigger, in the service-worker format. */
export class ScheduledEvent extends ExtendableEvent {
  readonly #cron: string;
  readonly #scheduledTimeMs: number;

  constructor() {
    super("scheduled");
    this.#cron = (seed as Seed).cron ?? "";
    this.#scheduledTimeMs = (seed as Seed).scheduledTimeMs ?? 0;
  }

  get cron(): string {
    return this.#cron;
  }
  get scheduledTime(): number {
    return this.#scheduledTimeMs;
  }
  noRetry(): void {
    if (!(#cron in this)) throw new TypeErrorOf("Illegal invocation");
  }
}

/** Defines the classes of events as globals, for `instanceof`. */
export function exposeWorkerEvents(global: object): void {
  const classes: Record<string, Function> = { ExtendableEvent, FetchEvent, ScheduledEvent };
  for (const name in classes) defineInterface(global, name, classes[name] as Function);
}

/** Makes an event for the listeners of the global scope. */
export function fetchEvent(event: EventContext, request: unknown): FetchEvent {
  return plant({ event, request }, () => new FetchEvent());
}

/** Makes an event for the listeners of the global scope. */
export function scheduledEvent(event: EventContext, cron: string, scheduledTimeMs: number): ScheduledEvent {
  return plant({ event, cron, scheduledTimeMs }, () => new ScheduledEvent());
}

/** Makes an event by a constructor that takes what is given here. */
export function plant<E>(given: Seed, make: () => E): E {
  seed = given;
  try {
    return make();
  } finally {
    seed = undefined;
  }
}

/** Errors of the listeners that are being called right now; undefined outside of {@link catchListenerError}. */
let caught: unknown[] | undefined;

/** Dispatches an event whose listeners' errors are its handler's: the first one is thrown. */
export function catchListenerError(event: EventContext, run: () => void): void {
  const errors: unknown[] = (caught = []);
  try {
    run();
  } finally {
    caught = undefined;
  }
  for (let i = 1; i < errors.length; i++) reportUncaught(event, errors[i]);
  if (errors.length > 0) throw errors[0];
}

/** Takes an error that a listener threw, if the listener is one of a dispatch that catches them. */
export function takeListenerError(error: unknown): boolean {
  if (caught === undefined) return false;
  arrayPush(caught, error);
  return true;
}
