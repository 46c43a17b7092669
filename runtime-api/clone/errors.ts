import { DOMException } from "../dom-exception/dom-exception.ts";
import { ErrorOf, nativeErrors } from "../primordials/errors.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  objectGetOwnPropertyDescriptor,
} from "../primordials/object.ts";

/** The exception for what cannot be cloned or transferred. */
export function dataCloneError(message: string): DOMException {
  return new DOMException(message, "DataCloneError");
}

/** A copy of a native error: its kind, message, stack and cause. */
export function cloneError(
  error: Error,
  clone: (inner: unknown) => unknown,
  remember: (copy: object) => void,
): Error {
  const name: unknown = error.name;
  const message = objectGetOwnPropertyDescriptor(error, "message");
  const cause = objectGetOwnPropertyDescriptor(error, "cause");
  const stack: unknown = error.stack;
  const Constructor = nativeErrors[name === undefined ? "Error" : `${name as string}`] ?? ErrorOf;
  const copy = new Constructor();
  remember(copy);
  if (message !== undefined && "value" in message) {
    objectDefineProperty(copy, "message", dataDescriptor(`${message.value as string}`, false));
  }
  if (typeof stack === "string") objectDefineProperty(copy, "stack", dataDescriptor(stack, false));
  if (cause !== undefined) {
    objectDefineProperty(copy, "cause", dataDescriptor(clone((error as { cause?: unknown }).cause), false));
  }
  return copy;
}
