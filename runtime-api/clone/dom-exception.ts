import { DOMException } from "../dom-exception/dom-exception.ts";
import { QuotaExceededError } from "../dom-exception/quota-exceeded-error.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { registerCloneable } from "./kinds.ts";

registerCloneable(DOMException.prototype, (value) => {
  const { message, name } = value as DOMException;
  return withStack(new DOMException(message, name), value);
});

registerCloneable(QuotaExceededError.prototype, (value) => {
  const { message, quota, requested } = value as QuotaExceededError;
  const options = { ...(quota !== null && { quota }), ...(requested !== null && { requested }) };
  return withStack(new QuotaExceededError(message, options), value);
});

function withStack(copy: DOMException, value: object): DOMException {
  const { stack } = value as DOMException;
  if (typeof stack === "string") objectDefineProperty(copy, "stack", dataDescriptor(stack, false));
  return copy;
}
