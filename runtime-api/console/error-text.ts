import { ErrorOf } from "../primordials/errors.ts";
import {
  objectGetPrototypeOf,
  reflectApply,
  reflectGetOwnPropertyDescriptor,
} from "../primordials/object.ts";
import { isDOMException } from "../dom-exception/dom-exception.ts";

/** V8's own reader of `stack`; whatever else a tenant puts there is not called. */
const stackGetter = reflectGetOwnPropertyDescriptor(new ErrorOf(), "stack")?.get;

function dataOf(error: object, key: string): unknown {
  let holder: object | null = error;
  for (let hops = 0; holder !== null && hops < 10; hops++) {
    const descriptor = reflectGetOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined) return descriptor.value;
    holder = objectGetPrototypeOf(holder) as object | null;
  }
  return undefined;
}

/** The stack of an error, else its name and message. Calls no getter of a tenant. */
export function errorText(error: Error): string {
  const descriptor = reflectGetOwnPropertyDescriptor(error, "stack");
  const stack: unknown =
    descriptor?.get !== undefined && descriptor.get === stackGetter
      ? reflectApply(stackGetter, error, [])
      : descriptor?.value;
  if (typeof stack === "string" && stack !== "") return stack;
  const name = isDOMException(error) ? error.name : dataOf(error, "name");
  const message = isDOMException(error) ? error.message : dataOf(error, "message");
  const head = typeof name === "string" ? name : "Error";
  return typeof message === "string" && message !== "" ? `${head}: ${message}` : head;
}
