import { DOMException } from "../dom-exception/dom-exception.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { registerCloneable } from "./kinds.ts";

registerCloneable(DOMException.prototype, (value) => {
  const { message, name, stack } = value as DOMException;
  const copy = new DOMException(message, name);
  if (typeof stack === "string") objectDefineProperty(copy, "stack", dataDescriptor(stack, false));
  return copy;
});
