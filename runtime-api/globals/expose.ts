import { AbortController } from "../abort/abort-controller.ts";
import { AbortSignal } from "../abort/abort-signal.ts";
import { atob, btoa } from "../base64/base64.ts";
import "../clone/dom-exception.ts";
import { structuredClone } from "../clone/structured-clone.ts";
import { console } from "../console/console.ts";
import "../console/platform.ts";
import { Crypto, crypto } from "../crypto/crypto.ts";
import { completeDOMException, DOMException } from "../dom-exception/dom-exception.ts";
import { completeQuotaExceededError, QuotaExceededError } from "../dom-exception/quota-exceeded-error.ts";
import { TextDecoder } from "../encoding/text-decoder.ts";
import { TextEncoder } from "../encoding/text-encoder.ts";
import { Event } from "../events/event.ts";
import { EventTarget } from "../events/event-target.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { URL } from "../url/url.ts";
import { URLSearchParams } from "../url/url-search-params.ts";
import { defineFunction, defineInterface } from "./define.ts";
import { exposeGlobalScope } from "./global-scope.ts";
import { defineLazily } from "./lazy.ts";
import { queueMicrotask, reportError } from "./microtask.ts";

const INTERFACES: Record<string, Function> = {
  Event,
  EventTarget,
  AbortController,
  AbortSignal,
  URL,
  URLSearchParams,
  TextEncoder,
  TextDecoder,
  Crypto,
};
const FUNCTIONS: Record<string, Function> = { atob, btoa, structuredClone, queueMicrotask, reportError };
const OBJECTS: Record<string, object> = { crypto };

/**
 * Defines the web APIs that need no host body: events, abort, URL, text coding, base64, cloning,
 * console, crypto, performance. Once per realm, before tenant code.
 */
export function exposeGlobals(global: object): void {
  for (const name in INTERFACES) defineInterface(global, name, INTERFACES[name] as Function);
  for (const name in FUNCTIONS) defineFunction(global, name, FUNCTIONS[name] as Function);
  for (const name in OBJECTS) objectDefineProperty(global, name, dataDescriptor(OBJECTS[name], true));
  defineLazily(global, ["DOMException", "QuotaExceededError"], exposeExceptions);
  objectDefineProperty(global, "console", dataDescriptor(console, false));
  objectDefineProperty(global, "self", dataDescriptor(global, true));
  exposeGlobalScope(global);
}

function exposeExceptions(target: object): void {
  completeDOMException();
  completeQuotaExceededError();
  objectDefineProperty(target, "DOMException", dataDescriptor(DOMException, false));
  objectDefineProperty(target, "QuotaExceededError", dataDescriptor(QuotaExceededError, false));
}
