import { abortInternals } from "../abort/abort-signal.ts";
import { shapeInterface } from "../globals/define.ts";
import { io } from "../io/io.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty } from "../primordials/object.ts";
import { promiseReject, promiseWithResolvers } from "../primordials/promise.ts";
import { mathMax } from "../primordials/values.ts";
import { dictionary, requireArguments } from "../webidl/arguments.ts";

let constructing = false;

/** `scheduler`: a timer as a promise, as Cloudflare has it. */
class Scheduler {
  #brand = true;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
  }

  /**
   * Resolves after `delay` ms; rejects with the signal's reason when `options.signal` aborts before.
   * Throws nothing: all errors reject, but in the global scope, where timers are not allowed.
   */
  wait(delay: number, options: { signal?: unknown } = {}): Promise<void> {
    try {
      void this.#brand;
      requireArguments("'wait' on 'Scheduler'", arguments.length, 1);
      const delayMs = mathMax(0, +delay || 0);
      const { signal } = dictionary(options, "The second argument of 'wait'");
      return waited(delayMs, signal);
    } catch (error) {
      return promiseReject(error);
    }
  }
}

function waited(delayMs: number, signal: unknown): Promise<void> {
  if (signal !== undefined && !abortInternals.isSignal(signal))
    throw new TypeErrorOf("Failed to execute 'wait' on 'Scheduler': 'signal' is not an AbortSignal.");
  if (signal?.aborted === true) return promiseReject(signal.reason);
  const { promise, resolve, reject } = promiseWithResolvers<void>();
  const timer = io.setTimer(() => {
    takeBack();
    resolve();
  }, delayMs);
  const takeBack =
    signal === undefined
      ? nothing
      : abortInternals.onAbort(signal, () => {
          io.clearTimer(timer);
          reject(signal.reason);
        });
  return promise;
}

function nothing(): void {}

/** Defines `scheduler`. Its class is no global. */
export function exposeScheduler(global: object): void {
  shapeInterface(Scheduler, "Scheduler");
  constructing = true;
  const scheduler = new Scheduler();
  constructing = false;
  objectDefineProperty(global, "scheduler", dataDescriptor(scheduler, true));
}
