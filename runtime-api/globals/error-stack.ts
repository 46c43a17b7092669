import { ErrorOf } from "../primordials/errors.ts";
import { objectDefineProperty } from "../primordials/object.ts";

/**
 * Fixes `Error.prepareStackTrace`, so that V8 never calls a tenant's function while it makes a stack:
 * that would happen while the runtime reads an error, or after the slice. Writing to it is ignored.
 */
export function fixStackTraces(): void {
  objectDefineProperty(ErrorOf, "prepareStackTrace", {
    __proto__: null,
    get: () => undefined,
    set: () => {},
    enumerable: false,
    configurable: false,
  } as PropertyDescriptor);
}
