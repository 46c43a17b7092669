import {
  adoptGlobalTarget,
  EventTarget,
  type EventListener,
  getHandler,
  setHandler,
} from "../events/event-target.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  objectFreeze,
  objectSetPrototypeOf,
} from "../primordials/object.ts";
import { defineInterface } from "./define.ts";

/** What every worker's global object is. */
export class WorkerGlobalScope extends EventTarget {
  constructor() {
    super();
    throw new TypeErrorOf("Illegal constructor");
  }
  get onerror(): EventListener | null {
    return getHandler(this, "error");
  }
  set onerror(callback: EventListener | null) {
    setHandler(this, "error", callback);
  }
  get onunhandledrejection(): EventListener | null {
    return getHandler(this, "unhandledrejection");
  }
  set onunhandledrejection(callback: EventListener | null) {
    setHandler(this, "unhandledrejection", callback);
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
  // A worker has no origin of its own; the flags of a version are not told to it.
  objectDefineProperty(global, "origin", dataDescriptor("null", true));
  const cloudflare = { compatibilityFlags: objectFreeze({ __proto__: null }) };
  objectDefineProperty(global, "Cloudflare", dataDescriptor(cloudflare, false));
}
