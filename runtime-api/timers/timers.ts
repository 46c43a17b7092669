import { defineFunction } from "../globals/define.ts";
import { io } from "../io/io.ts";
import { arraySlice } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { reflectApply } from "../primordials/object.ts";
import { mathMax, mathTrunc } from "../primordials/values.ts";

/** Longest delay of the web's timers, in ms; a longer one overflows and fires at once. */
const LONGEST_MS = 2 ** 31 - 1;
/** What callbacks have as `this`. */
const realm: object = globalThis;

function arm(name: string, callback: unknown, delay: unknown, args: unknown[], repeat: boolean): number {
  if (typeof callback !== "function") {
    throw new TypeErrorOf(`Failed to execute '${name}': parameter 1 is not of type 'Function'.`);
  }
  const wanted = mathTrunc(delay === undefined ? 0 : +(delay as number) || 0);
  const delayMs = wanted > LONGEST_MS ? 1 : mathMax(1, wanted);
  return io.setTimer(() => reflectApply(callback, realm, args), delayMs, repeat);
}

/** Calls `callback(...args)` once, `delay` ms from now or later. */
export function setTimeout(callback: unknown, delay: unknown = 0, ...args: unknown[]): number {
  return arm("setTimeout", callback, delay, arraySlice(args), false);
}

/** Calls `callback(...args)` every `delay` ms until it is cleared or the event ends. */
export function setInterval(callback: unknown, delay: unknown = 0, ...args: unknown[]): number {
  return arm("setInterval", callback, delay, arraySlice(args), true);
}

/** Takes a timer back. Anything that is not the id of one is ignored. */
export function clearTimeout(id: unknown = 0): void {
  if (typeof id === "number" || typeof id === "string") io.clearTimer(+id);
}

/** Takes a timer back. Anything that is not the id of one is ignored. */
export function clearInterval(id: unknown = 0): void {
  clearTimeout(id);
}

/** Defines the timers as globals. */
export function exposeTimers(global: object): void {
  const timers: Record<string, Function> = { setTimeout, setInterval, clearTimeout, clearInterval };
  for (const name in timers) defineFunction(global, name, timers[name] as Function);
}
