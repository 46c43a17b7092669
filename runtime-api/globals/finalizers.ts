import { io } from "../io/io.ts";
import { arrayPush } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { FinalizationRegistryOf } from "../primordials/finalization.ts";
import { objectSetPrototypeOf, reflectConstruct } from "../primordials/object.ts";
import { defineBuiltin, replaceConstructor } from "./wrap.ts";

type Cleanup = (held: unknown) => void;

/**
 * Callbacks that are due, each with what it was registered for. Without a prototype: appending happens outside
 * of any slice, and must not meet a setter of the worker.
 */
let due = noneDue();

function noneDue(): [cleanup: Cleanup, held: unknown][] {
  return objectSetPrototypeOf([], null) as [Cleanup, unknown][];
}

/** Runs the callbacks that are due, as code of the slice that is open. */
export function runFinalizers(): void {
  if (due.length === 0) return;
  const batch = due;
  due = noneDue();
  for (let i = 0; i < batch.length; i++) {
    const [cleanup, held] = batch[i] as [Cleanup, unknown];
    try {
      cleanup(held);
    } catch (error) {
      io.reportException(error);
    }
  }
}

/**
 * Replaces `FinalizationRegistry`: V8 runs its callbacks outside of any slice, where no limit and no event
 * could be charged. Here they wait until the runtime calls {@link runFinalizers}.
 */
export function deferFinalizers(global: object): void {
  const Native = FinalizationRegistryOf;
  function Deferred(cleanup: Cleanup): object {
    if (new.target === undefined) throw new TypeErrorOf("Constructor FinalizationRegistry requires 'new'");
    if (typeof cleanup !== "function")
      throw new TypeErrorOf("FinalizationRegistry: cleanup must be callable");
    const postpone = (held: unknown): void => {
      arrayPush(due, [cleanup, held]);
    };
    return reflectConstruct(Native, [postpone], new.target) as object;
  }
  replaceConstructor(Native, Deferred);
  defineBuiltin(global, "FinalizationRegistry", Deferred);
}
