import { uncurry } from "./uncurry.ts";

export const PromiseOf = Promise;
/**
 * `then` of a native promise. V8 still reads `constructor` of the promise, so a tenant can make it
 * run code of his; never call it between two steps that must stay together.
 */
export const promiseThen = uncurry(Promise.prototype.then) as <T, A = T, B = never>(
  self: Promise<T>,
  onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
  onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
) => Promise<A | B>;
export const promiseResolve = Promise.resolve.bind(Promise) as <T>(
  value: T | PromiseLike<T>,
) => Promise<Awaited<T>>;
export const promiseReject = Promise.reject.bind(Promise) as <T = never>(reason: unknown) => Promise<T>;
export const promiseWithResolvers = Promise.withResolvers.bind(Promise) as <T>() => PromiseWithResolvers<T>;

function nothing(): void {}

/** Marks a promise as handled: its rejection is not reported as floating. */
export function promiseHandled(promise: Promise<unknown>): void {
  void promiseThen(promise, undefined, nothing);
}
