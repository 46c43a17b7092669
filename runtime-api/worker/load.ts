import type { LoadConfig, ModuleDefinition } from "../contract/boot.ts";
import { Out } from "../contract/out.ts";
import { dispatch, hasListeners } from "../events/event-target.ts";
import { setBodyCap } from "../fetch/internal.ts";
import { lockCodeGeneration } from "../globals/harden.ts";
import { defineWaiting } from "../globals/lazy.ts";
import { arrayPush } from "../primordials/array.ts";
import { ErrorOf, TypeErrorOf } from "../primordials/errors.ts";
import { objectHasOwn, reflectApply } from "../primordials/object.ts";
import { jsonParse, jsonStringify } from "../primordials/values.ts";
import { wasmSettings } from "../wasm/native.ts";
import { addCloudflareModules } from "./cloudflare-modules.ts";
import { exposeEnv, makeEnv } from "./env.ts";
import { errorText } from "./error-text.ts";
import type { EventContext } from "./event-context.ts";
import { executionContext } from "./execution-context.ts";
import { type Handlers, setHandlers } from "./handlers.ts";
import { Linker } from "./linker/linker.ts";
import type { ModuleRecord } from "./linker/module-record.ts";
import { NO_HANDLERS, TOP_LEVEL_HUNG } from "./messages.ts";
import { putUncounted } from "./output.ts";
import { ScheduledController } from "./scheduled-controller.ts";
import { catchListenerError, fetchEvent, responseOf, scheduledEvent } from "./service-worker-events.ts";
import { tailEvents } from "./late-tail-event.ts";
import { turn } from "./turn.ts";
import { entrypointHandlers, isEntrypoint } from "./worker-entrypoint.ts";

/** Evaluates a version in the slice of event 0 and tells how it ended, once. */
export async function load(
  global: EventContext,
  modules: readonly ModuleDefinition[],
  values: readonly unknown[],
  configJson: string,
): Promise<void> {
  try {
    const config = jsonParse(configJson) as LoadConfig;
    turn.liveClock = config.liveClock;
    setBodyCap(config.bodyBytes);
    wasmSettings.memoryMb = config.memoryMb;
    wasmSettings.compile = config.wasmCompile;
    // A module of the upload leads to V8's constructors, also where the worker never asks for the global.
    for (let i = 1; i < values.length; i += 3) if (values[i] === "wasm") defineWaiting("WebAssembly");
    const env = makeEnv(config.env);
    const linker = new Linker(modules, values);
    addCloudflareModules(linker, env);
    const main = linker.get(config.main);
    if (main.kind === "script") exposeEnv(config.env, env);
    await linker.run(main);
    if (global.ended) return;
    const handlers = main.kind === "script" ? listenerHandlers() : exportedHandlers(main, env);
    const names: string[] = [];
    if (handlers.fetch !== undefined) arrayPush(names, "fetch");
    if (handlers.scheduled !== undefined) arrayPush(names, "scheduled");
    if (handlers.tail !== undefined) arrayPush(names, "tail");
    if (names.length === 0) throw new ErrorOf(NO_HANDLERS);
    setHandlers(handlers);
    lockCodeGeneration();
    global.ended = true;
    putUncounted([Out.loaded, 0, jsonStringify(names) as string]);
  } catch (error) {
    failLoad(global, error);
  }
}

/** The slice of event 0 is over: a top level that still waits will wait for ever. */
export function endLoadIfHung(global: EventContext): void {
  if (!global.ended) failLoad(global, new ErrorOf(TOP_LEVEL_HUNG));
}

function failLoad(global: EventContext, error: unknown): void {
  if (global.ended) return;
  global.ended = true;
  const { name, message, stack } = errorText(error);
  putUncounted([Out.loadFailed, 0, name, message, stack]);
}

/** Handlers of `export default`, or of `module.exports`. */
function exportedHandlers(main: ModuleRecord, env: object): Handlers {
  const entrypoint = (name: string): Handlers["fetch"] =>
    name !== "default" && objectHasOwn(main.namespace, name) ? fetchOf(main.namespace[name], env) : undefined;
  const exported: unknown = main.namespace["default"];
  if (typeof exported === "function") {
    if (!isEntrypoint(exported)) {
      throw new TypeErrorOf(
        `The default export of "${main.name}" is a class or function that is no WorkerEntrypoint: export default an object with a fetch function, or a class that extends WorkerEntrypoint.`,
      );
    }
    return { ...entrypointHandlers(exported, env), entrypoint };
  }
  if (typeof exported !== "object" || exported === null) throw new ErrorOf(NO_HANDLERS);
  const { scheduled, tail, trace } = exported as Record<"scheduled" | "tail" | "trace", unknown>;
  // What Cloudflare called it first.
  const told = tail ?? trace;
  const fetch = fetchOf(exported, env);
  return {
    entrypoint,
    ...(fetch !== undefined && { fetch }),
    ...(typeof scheduled === "function" && {
      scheduled: (event: EventContext, cron: string, timeMs: number) =>
        reflectApply(scheduled, exported, [
          new ScheduledController(cron, timeMs),
          env,
          executionContext(event),
        ]) as unknown,
    }),
    ...(typeof told === "function" && {
      tail: (event: EventContext, items: unknown) =>
        reflectApply(told, exported, [items, env, executionContext(event)]) as unknown,
    }),
  };
}

/** The fetch handler of an exported object, or of a class that extends `WorkerEntrypoint`. */
function fetchOf(exported: unknown, env: object): Handlers["fetch"] {
  if (typeof exported === "function")
    return isEntrypoint(exported) ? entrypointHandlers(exported, env).fetch : undefined;
  if (typeof exported !== "object" || exported === null) return undefined;
  const { fetch } = exported as Record<"fetch", unknown>;
  if (typeof fetch !== "function") return undefined;
  return (event, request) =>
    reflectApply(fetch, exported, [request, env, executionContext(event)]) as unknown;
}

/** Handlers that a script added with `addEventListener`. */
function listenerHandlers(): Handlers {
  return {
    ...(hasListeners(globalThis, "fetch") && {
      fetch(event: EventContext, request: unknown): unknown {
        const incoming = fetchEvent(event, request);
        catchListenerError(event, () => dispatch(globalThis, incoming));
        const response = responseOf(incoming);
        if (response === undefined)
          throw new ErrorOf("The fetch event listener did not call respondWith() synchronously.");
        return response.promise;
      },
    }),
    ...(hasListeners(globalThis, "scheduled") && {
      scheduled(event: EventContext, cron: string, timeMs: number): void {
        catchListenerError(event, () => dispatch(globalThis, scheduledEvent(event, cron, timeMs)));
      },
    }),
    ...((hasListeners(globalThis, "tail") || hasListeners(globalThis, "trace")) && {
      tail(event: EventContext, items: unknown): void {
        catchListenerError(event, () => tailEvents.get().dispatch(event, items));
      },
    }),
  };
}
