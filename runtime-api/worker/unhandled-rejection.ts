import { dispatch } from "../events/event-target.ts";
import { PromiseRejectionEvent } from "../events/promise-rejection-event.ts";
import {
  ErrorOf,
  EvalErrorOf,
  RangeErrorOf,
  ReferenceErrorOf,
  SyntaxErrorOf,
  TypeErrorOf,
  URIErrorOf,
} from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { promiseHandled, promiseReject } from "../primordials/promise.ts";

const CLASSES = {
  __proto__: null,
  EvalError: EvalErrorOf,
  RangeError: RangeErrorOf,
  ReferenceError: ReferenceErrorOf,
  SyntaxError: SyntaxErrorOf,
  TypeError: TypeErrorOf,
  URIError: URIErrorOf,
} as unknown as Record<string, ErrorConstructor | undefined>;

/**
 * Dispatches `unhandledrejection` at the global scope. V8 tells of the rejection outside of the isolate only,
 * as text: so `reason` is an error made of that text, and `promise` another promise that it rejects.
 */
export function dispatchRejection(name: string, message: string, stack: string): void {
  const reason = new (CLASSES[name] ?? ErrorOf)(message);
  if (CLASSES[name] === undefined && name !== "Error")
    objectDefineProperty(reason, "name", dataDescriptor(name, false));
  objectDefineProperty(reason, "stack", dataDescriptor(stack === "" ? `${name}: ${message}` : stack, false));
  const promise = promiseReject(reason);
  promiseHandled(promise);
  dispatch(
    globalThis,
    new PromiseRejectionEvent("unhandledrejection", { cancelable: true, promise, reason }),
  );
}
