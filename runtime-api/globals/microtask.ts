import { io } from "../io/io.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { promiseResolve, promiseThen } from "../primordials/promise.ts";

const ready = promiseResolve(undefined);

/** Calls `callback` when the code that runs now is done. What it throws is reported. */
export function queueMicrotask(callback: () => void): void {
  if (typeof callback !== "function") {
    throw new TypeErrorOf("Failed to execute 'queueMicrotask': parameter 1 is not of type 'Function'.");
  }
  void promiseThen(ready, () => {
    try {
      callback();
    } catch (error) {
      io.reportException(error);
    }
  });
}

/** Reports a value as an error that nobody caught. */
export function reportError(error: unknown): void {
  if (arguments.length === 0)
    throw new TypeErrorOf("Failed to execute 'reportError': 1 argument required, but only 0 present.");
  io.reportException(error);
}
