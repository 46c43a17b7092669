import { adoptGlobalTarget, EventTarget } from "../events/event-target.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { objectSetPrototypeOf } from "../primordials/object.ts";
import { defineInterface } from "./define.ts";

/** What every worker's global object is. */
export class WorkerGlobalScope extends EventTarget {
  constructor() {
    super();
    throw new TypeErrorOf("Illegal constructor");
  }
}

/** What the global object of an edge worker is. */
export class ServiceWorkerGlobalScope extends WorkerGlobalScope {}

/** Makes the realm's global object a worker's scope, and a target of events. */
export function exposeGlobalScope(global: object): void {
  defineInterface(global, "WorkerGlobalScope", WorkerGlobalScope);
  defineInterface(global, "ServiceWorkerGlobalScope", ServiceWorkerGlobalScope);
  adoptGlobalTarget();
  objectSetPrototypeOf(global, ServiceWorkerGlobalScope.prototype);
}
