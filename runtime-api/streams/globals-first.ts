import { AbortController } from "../abort/abort-controller.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { objectDefineProperty } from "../primordials/object.ts";

/*
 * The streams library looks for these two on the global object: DOMException when it is evaluated,
 * AbortController whenever a writable stream is made. So this file is imported before it.
 */
for (const [name, value] of [
  ["DOMException", DOMException],
  ["AbortController", AbortController],
] as const) {
  if (!(name in globalThis)) {
    objectDefineProperty(globalThis, name, { value, configurable: true, enumerable: false, writable: true });
  }
}
