import { DOMException } from "../dom-exception/dom-exception.ts";
import { io } from "../io/io.ts";
import { arrayPush, arraySlice, arraySplice } from "../primordials/array.ts";
import { mapDelete, mapGet, MapOf, mapSet } from "../primordials/collections.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { reflectApply } from "../primordials/object.ts";
import { isObject, requireArguments } from "../webidl/arguments.ts";
import { errorArguments } from "./error-arguments.ts";
import { type Event, eventInternals } from "./event.ts";

export type EventListener =
  | ((this: unknown, event: Event) => unknown)
  | { handleEvent(event: Event): unknown };

export interface AddEventListenerOptions {
  capture?: boolean;
  once?: boolean;
  passive?: boolean;
  signal?: object;
}

interface Listener {
  callback: EventListener;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  /** Set by an `on…` attribute: its callback can change, and its result can cancel. */
  readonly handler: boolean;
  removed: boolean;
}

type Listeners = Map<string, Listener[]>;

/**
 * How a listener learns that its signal aborted. `abort/` puts it here, since it stands above this
 * file: gives false if the signal is aborted, throws a TypeError if it is no AbortSignal.
 */
export const signalHook: {
  follow: (signal: unknown, remove: () => void) => boolean;
  /** Somebody listens to `abort` events of a target, which may be a signal. */
  listened: (target: object) => void;
} = {
  listened: nothing,
  follow() {
    throw new TypeErrorOf(
      "Failed to execute 'addEventListener' on 'EventTarget': 'signal' is not an AbortSignal.",
    );
  },
};

let listenersOf: (target: unknown) => Listeners;
let adopt: (target: object) => void;

/** A target of events, without a tree. Errors of listeners are reported and do not stop the others. */
export class EventTarget {
  #listeners: Listeners | undefined;

  addEventListener(
    type: string,
    callback: EventListener | null,
    options: AddEventListenerOptions | boolean = false,
  ): void {
    const listeners = listenersOf(this);
    requireArguments("'addEventListener' on 'EventTarget'", arguments.length, 2);
    const name = `${type}`;
    requireListener(callback, "addEventListener");
    const given = isObject(options) ? (options as AddEventListenerOptions) : undefined;
    const capture = Boolean(given === undefined ? options : given.capture);
    const once = given !== undefined && Boolean(given.once);
    const passive = given !== undefined && Boolean(given.passive);
    const signal = given?.signal;
    if (callback === null || callback === undefined) {
      if (signal !== undefined) signalHook.follow(signal, nothing);
      return;
    }
    const listener: Listener = { callback, capture, once, passive, handler: false, removed: false };
    if (name === "abort") signalHook.listened((this ?? globalThis) as object);
    const list = mapGet(listeners, name);
    if (signal !== undefined) {
      if (!signalHook.follow(signal, () => remove(listeners, name, listener))) return;
    }
    if (list === undefined) {
      mapSet(listeners, name, [listener]);
      return;
    }
    if (find(list, callback, capture) === undefined) arrayPush(list, listener);
  }

  removeEventListener(
    type: string,
    callback: EventListener | null,
    options: { capture?: boolean } | boolean = false,
  ): void {
    const listeners = listenersOf(this);
    requireArguments("'removeEventListener' on 'EventTarget'", arguments.length, 2);
    const name = `${type}`;
    requireListener(callback, "removeEventListener");
    const capture = Boolean(isObject(options) ? (options as { capture?: boolean }).capture : options);
    const list = mapGet(listeners, name);
    const listener = list === undefined ? undefined : find(list, callback, capture);
    if (listener !== undefined) remove(listeners, name, listener);
  }

  dispatchEvent(event: Event): boolean {
    listenersOf(this);
    requireArguments("'dispatchEvent' on 'EventTarget'", arguments.length, 1);
    if (!eventInternals.isEvent(event)) {
      throw new TypeErrorOf(
        "Failed to execute 'dispatchEvent' on 'EventTarget': parameter 1 is not of type 'Event'.",
      );
    }
    return dispatch((this ?? globalThis) as object, event, false);
  }

  static {
    let globalListeners: Listeners | undefined;
    listenersOf = (target) => {
      // Methods of the global scope are called without `this`.
      if (globalListeners !== undefined && (target === undefined || target === null || target === globalThis))
        return globalListeners;
      return ((target as EventTarget).#listeners ??= new MapOf());
    };
    adopt = () => {
      globalListeners ??= new MapOf();
    };
  }
}

/** Makes the global object itself a target: calls without `this` mean it. */
export function adoptGlobalTarget(): void {
  adopt(globalThis);
}

/** Whether anybody listens to events of this type. */
export function hasListeners(target: EventTarget | typeof globalThis, type: string): boolean {
  return mapGet(listenersOf(target), type) !== undefined;
}

/**
 * Dispatches an event at `target`, trusted or as the tenant's own.
 * Gives false if a listener cancelled it; throws InvalidStateError if it is being dispatched.
 */
export function dispatch(target: object, event: Event, trusted = true): boolean {
  if (!eventInternals.begin(event, target, trusted)) {
    throw new DOMException("The event is already being dispatched.", "InvalidStateError");
  }
  const listeners = listenersOf(target);
  const list = mapGet(listeners, event.type);
  if (list !== undefined) {
    const snapshot = arraySlice(list);
    invoke(listeners, snapshot, target, event, true);
    if (!eventInternals.propagationStopped(event)) invoke(listeners, snapshot, target, event, false);
  }
  return eventInternals.end(event);
}

function invoke(
  listeners: Listeners,
  list: Listener[],
  target: object,
  event: Event,
  capture: boolean,
): void {
  for (let i = 0; i < list.length; i++) {
    const listener = list[i] as Listener;
    if (listener.removed || listener.capture !== capture) continue;
    if (listener.once) remove(listeners, event.type, listener);
    if (listener.passive) eventInternals.setPassive(event, true);
    try {
      const { callback } = listener;
      if (typeof callback === "function") {
        if (listener.handler) callHandler(callback, target, event);
        else reflectApply(callback, target, [event]);
      } else {
        const handle = callback.handleEvent as unknown;
        if (typeof handle !== "function")
          throw new TypeErrorOf("The listener's 'handleEvent' is not a function.");
        reflectApply(handle, callback, [event]);
      }
    } catch (error) {
      io.reportException(error);
    }
    if (listener.passive) eventInternals.setPassive(event, false);
    if (eventInternals.stopped(event)) return;
  }
}

/** Calls an `on…` handler. The one of the global scope for errors is called as it was before there were events. */
function callHandler(callback: Function, target: object, event: Event): void {
  const parts = target === globalThis && event.type === "error" ? errorArguments.of(event) : undefined;
  const result = reflectApply(callback, target, parts ?? [event]);
  if (result === (parts !== undefined)) event.preventDefault();
}

function requireListener(callback: unknown, method: string): void {
  if (callback === undefined || callback === null || isObject(callback)) return;
  throw new TypeErrorOf(`Failed to execute '${method}' on 'EventTarget': the listener is not an object.`);
}

function find(list: Listener[], callback: unknown, capture: boolean): Listener | undefined {
  for (let i = 0; i < list.length; i++) {
    const listener = list[i] as Listener;
    if (listener.callback === callback && listener.capture === capture && !listener.handler) return listener;
  }
  return undefined;
}

function remove(listeners: Listeners, type: string, listener: Listener): void {
  listener.removed = true;
  const list = mapGet(listeners, type);
  if (list === undefined) return;
  for (let i = 0; i < list.length; i++) {
    if (list[i] !== listener) continue;
    if (list.length === 1) mapDelete(listeners, type);
    else arraySplice(list, i, 1);
    return;
  }
}

/** The callback of an `on…` attribute. */
export function getHandler(target: EventTarget, type: string): EventListener | null {
  return findHandler(listenersOf(target), type)?.callback ?? null;
}

/** Sets the callback of an `on…` attribute; it keeps its place among the listeners. */
export function setHandler(target: EventTarget, type: string, callback: unknown): void {
  const listeners = listenersOf(target);
  const current = findHandler(listeners, type);
  if (type === "abort") signalHook.listened(target);
  if (typeof callback !== "function") {
    if (current !== undefined) remove(listeners, type, current);
  } else if (current !== undefined) {
    current.callback = callback as EventListener;
  } else {
    const listener = {
      callback: callback as EventListener,
      capture: false,
      once: false,
      passive: false,
      handler: true,
      removed: false,
    };
    const list = mapGet(listeners, type);
    if (list === undefined) mapSet(listeners, type, [listener]);
    else arrayPush(list, listener);
  }
}

function findHandler(listeners: Listeners, type: string): Listener | undefined {
  const list = mapGet(listeners, type);
  if (list === undefined) return undefined;
  for (let i = 0; i < list.length; i++) if ((list[i] as Listener).handler) return list[i];
  return undefined;
}

function nothing(): void {}
