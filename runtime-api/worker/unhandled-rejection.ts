import { dispatch } from "../events/event-target.ts";
import { PromiseRejectionEvent } from "../events/promise-rejection-event.ts";
import { ErrorOf, nativeErrors } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { promiseHandled, promiseReject } from "../primordials/promise.ts";

/**
 * Dispatches `unhandledrejection` at the global scope. V8 tells of the rejection outside of the isolate only,
 * as text: so `reason` is an error made of that text, and `promise` another promise that it rejects.
 */
export function dispatchRejection(name: string, message: string, stack: string): void {
  const reason = new (nativeErrors[name] ?? ErrorOf)(message);
  if (nativeErrors[name] === undefined && name !== "Error")
    objectDefineProperty(reason, "name", dataDescriptor(name, false));
  objectDefineProperty(reason, "stack", dataDescriptor(stack === "" ? `${name}: ${message}` : stack, false));
  const promise = promiseReject(reason);
  promiseHandled(promise);
  dispatch(
    globalThis,
    new PromiseRejectionEvent("unhandledrejection", { cancelable: true, promise, reason }),
  );
}
