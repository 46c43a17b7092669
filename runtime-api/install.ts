import { type Boot, Mark } from "./contract/boot.ts";
import { exposeFetch } from "./fetch/expose-fetch.ts";
import { exposeGlobals } from "./globals/expose.ts";
import { hardenRealm } from "./globals/harden.ts";
import { hideLaziness } from "./globals/lazy.ts";
import { keepPristine } from "./globals/pristine.ts";
import { setIo } from "./io/io.ts";
import { exposeLazyGlobals, setPartLoaders } from "./lazy-globals.ts";
import { exposeTimers } from "./timers/timers.ts";
import { wasmSettings } from "./wasm/native.ts";
import { makeIo } from "./worker/io-face.ts";
import { makeRuntime } from "./worker/runtime.ts";
import { exposeWorkerEvents } from "./worker/service-worker-events.ts";

/**
 * Makes a bare realm one that workers run in, once, before any of their code. `contract/bundle.ts`
 * says how this file becomes the image.
 */
export const boot: Boot = (ask, marks) => {
  setIo(makeIo(ask));
  wasmSettings.report = (bytes) => void (marks[Mark.wasmBytes] = bytes);
  exposeGlobals(globalThis);
  exposeFetch(globalThis);
  exposeTimers(globalThis);
  exposeWorkerEvents(globalThis);
  exposeLazyGlobals(globalThis);
  setPartLoaders();
  hardenRealm();
  hideLaziness(globalThis);
  keepPristine();
  return makeRuntime(marks);
};
