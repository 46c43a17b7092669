import { defineFunction } from "../globals/define.ts";
import { arrayPush } from "../primordials/array.ts";
import { weakRefDeref, WeakRefOf } from "../primordials/collections.ts";
import { RangeErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty, reflectApply } from "../primordials/object.ts";
import { promiseThen } from "../primordials/promise.ts";
import { nativeWasm } from "./native.ts";

/** Calls into WebAssembly that may wait for a promise at once: each has a stack, and the process few of them. */
const WAITING_CALLS = 200;

/** A call that may be waiting, until its promise settles or nobody can settle it any more. */
interface WaitingCall {
  readonly promise: WeakRef<object>;
  settled: boolean;
}

let calls: WaitingCall[] = [];

function requireStack(): void {
  if (calls.length < WAITING_CALLS) return;
  const still: WaitingCall[] = [];
  for (let i = 0; i < calls.length; i++) {
    const call = calls[i] as WaitingCall;
    if (!call.settled && weakRefDeref(call.promise) !== undefined) arrayPush(still, call);
  }
  calls = still;
  if (calls.length >= WAITING_CALLS)
    throw new RangeErrorOf(
      `At most ${WAITING_CALLS} calls of functions made by WebAssembly.promising() may be waiting at once`,
    );
}

/**
 * Bounds how many calls of `WebAssembly.promising` functions are suspended at once: V8 does not, and a process that
 * runs out of memory maps for their stacks dies.
 */
export function boundPromising(): void {
  const native = nativeWasm["promising"] as ((exported: unknown) => Function) | undefined;
  if (native === undefined) return;
  const { promising } = {
    promising(exported: unknown): Function {
      const inner = native(exported);
      const outer = {
        call(this: unknown, ...args: unknown[]): unknown {
          requireStack();
          const promise = reflectApply(inner as (...args: unknown[]) => Promise<unknown>, this, args);
          const call: WaitingCall = { promise: new WeakRefOf(promise), settled: false };
          arrayPush(calls, call);
          const settle = (): void => {
            call.settled = true;
          };
          void promiseThen(promise, settle, settle);
          return promise;
        },
      }.call;
      objectDefineProperty(outer, "name", dataDescriptor(inner.name, false, false));
      objectDefineProperty(outer, "length", dataDescriptor(inner.length, false, false));
      return outer;
    },
  };
  defineFunction(nativeWasm, "promising", promising);
}
