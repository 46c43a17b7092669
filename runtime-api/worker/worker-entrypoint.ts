import { nameConstructor } from "../globals/define.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { objectGetPrototypeOf, reflectApply, reflectConstruct } from "../primordials/object.ts";
import type { EventContext } from "./event-context.ts";
import { executionContext } from "./execution-context.ts";
import type { Handlers } from "./handlers.ts";
import { ScheduledController } from "./scheduled-controller.ts";

type Method = "fetch" | "scheduled" | "tail" | "trace";

/** Longest chain of classes that is looked through. */
const MAX_DEPTH = 100;

/**
 * What classes extend that answer for a worker: one is made for each event.
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/service-bindings/rpc/
 */
export class WorkerEntrypoint {
  readonly ctx: unknown;
  readonly env: unknown;

  constructor(ctx: unknown, env: unknown) {
    this.ctx = ctx;
    this.env = env;
  }
}
nameConstructor(WorkerEntrypoint, "WorkerEntrypoint");

/** Whether a function is a class that extends `WorkerEntrypoint`. */
export function isEntrypoint(value: Function): boolean {
  let above: unknown = value;
  for (let depth = 0; depth < MAX_DEPTH && above !== null; depth++) {
    if (above === WorkerEntrypoint) return value !== WorkerEntrypoint;
    above = objectGetPrototypeOf(above);
  }
  return false;
}

/** The handlers of such a class, by the methods that its prototype has. */
export function entrypointHandlers(entrypoint: Function, env: object): Handlers {
  const { fetch, scheduled, tail, trace } = (entrypoint.prototype ?? {}) as Record<Method, unknown>;
  const call = (event: EventContext, method: Method, argument: unknown): unknown => {
    const instance = reflectConstruct(entrypoint, [executionContext(event), env]) as Record<Method, unknown>;
    const found = instance[method];
    if (typeof found !== "function") throw new TypeErrorOf(`The entrypoint has no ${method}() method.`);
    return reflectApply(found, instance, [argument]) as unknown;
  };
  return {
    ...(typeof fetch === "function" && {
      fetch: (event: EventContext, request: unknown) => call(event, "fetch", request),
    }),
    ...(typeof scheduled === "function" && {
      scheduled: (event: EventContext, cron: string, timeMs: number) =>
        call(event, "scheduled", new ScheduledController(cron, timeMs)),
    }),
    ...(typeof (tail ?? trace) === "function" && {
      tail: (event: EventContext, items: unknown) =>
        call(event, typeof tail === "function" ? "tail" : "trace", items),
    }),
  };
}
