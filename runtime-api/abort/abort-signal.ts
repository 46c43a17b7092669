import { DOMException } from "../dom-exception/dom-exception.ts";
import { Event } from "../events/event.ts";
import {
  dispatch,
  EventTarget,
  type EventListener,
  getHandler,
  setHandler,
  signalHook,
} from "../events/event-target.ts";
import { io } from "../io/io.ts";
import { arrayIndexOf, arrayPush, arraySplice } from "../primordials/array.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { mathMax } from "../primordials/values.ts";

/** What the runtime does to signals; tenants have no way to these. */
export interface AbortInternals {
  /** A signal that nothing aborts but `abort`. */
  make(): AbortSignal;
  /** Aborts a signal and those that depend on it. Does nothing the second time. */
  abort(signal: AbortSignal, reason: unknown): void;
  /** Calls `algorithm` once on abort, before listeners. Gives a function that takes it back. */
  onAbort(signal: AbortSignal, algorithm: () => void): () => void;
  /** A signal that aborts when the first of `sources` does. */
  any(sources: readonly AbortSignal[]): AbortSignal;
  isSignal(value: unknown): value is AbortSignal;
}

export let abortInternals: AbortInternals;

let constructing = false;

function abortError(): DOMException {
  return new DOMException("The operation was aborted", "AbortError");
}

/** Says whether something was aborted, and why. */
export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown;
  #algorithms: (() => void)[] | undefined;
  #dependents: AbortSignal[] | undefined;
  /** Signals that abort this one; those have no sources themselves. */
  #sources: AbortSignal[] | undefined;

  constructor() {
    if (!constructing) throw new TypeErrorOf("Illegal constructor");
    super();
  }

  static abort(...args: [reason?: unknown]): AbortSignal {
    const reason = args[0];
    const signal = abortInternals.make();
    signal.#aborted = true;
    signal.#reason = reason === undefined ? abortError() : reason;
    return signal;
  }
  static timeout(delay: number): AbortSignal {
    if (arguments.length === 0)
      throw new TypeErrorOf(
        "Failed to execute 'timeout' on 'AbortSignal': 1 argument required, but only 0 present.",
      );
    const delayMs = +delay;
    if (!(delayMs > -1 && delayMs <= 9007199254740991)) {
      throw new TypeErrorOf(
        "Failed to execute 'timeout' on 'AbortSignal': the delay is not a number of milliseconds from 0 to 2^53 - 1.",
      );
    }
    const signal = abortInternals.make();
    io.setTimer(
      () => {
        abortInternals.abort(
          signal,
          new DOMException("The operation was aborted due to timeout", "TimeoutError"),
        );
      },
      mathMax(1, delayMs),
    );
    return signal;
  }
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const sources: AbortSignal[] = [];
    for (const signal of signals) {
      if (!abortInternals.isSignal(signal))
        throw new TypeErrorOf("Failed to execute 'any' on 'AbortSignal': a member is not an AbortSignal.");
      arrayPush(sources, signal);
    }
    return abortInternals.any(sources);
  }

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }
  get onabort(): EventListener | null {
    void this.#aborted;
    return getHandler(this, "abort");
  }
  set onabort(callback: EventListener | null) {
    void this.#aborted;
    setHandler(this, "abort", callback);
  }

  #runSteps(): void {
    const algorithms = this.#algorithms;
    this.#algorithms = undefined;
    if (algorithms !== undefined) {
      for (let i = 0; i < algorithms.length; i++) {
        try {
          (algorithms[i] as () => void)();
        } catch (error) {
          io.reportException(error);
        }
      }
    }
    dispatch(this, new Event("abort"));
  }

  #add(source: AbortSignal): void {
    if (arrayIndexOf((this.#sources ??= []), source) >= 0) return;
    arrayPush(this.#sources, source);
    arrayPush((source.#dependents ??= []), this);
  }

  static {
    abortInternals = {
      make() {
        constructing = true;
        try {
          return new AbortSignal();
        } finally {
          constructing = false;
        }
      },
      abort(signal, reason) {
        if (signal.#aborted) return;
        signal.#aborted = true;
        signal.#reason = reason === undefined ? abortError() : reason;
        const dependents = signal.#dependents;
        signal.#dependents = undefined;
        const aborting: AbortSignal[] = [];
        if (dependents !== undefined) {
          for (let i = 0; i < dependents.length; i++) {
            const dependent = dependents[i] as AbortSignal;
            if (dependent.#aborted) continue;
            dependent.#aborted = true;
            dependent.#reason = signal.#reason;
            const sources = dependent.#sources as AbortSignal[];
            dependent.#sources = undefined;
            for (let j = 0; j < sources.length; j++)
              forget((sources[j] as AbortSignal).#dependents, dependent);
            arrayPush(aborting, dependent);
          }
        }
        signal.#runSteps();
        for (let i = 0; i < aborting.length; i++) (aborting[i] as AbortSignal).#runSteps();
      },
      onAbort(signal, algorithm) {
        if (signal.#aborted) return nothing;
        arrayPush((signal.#algorithms ??= []), algorithm);
        return () => forget(signal.#algorithms, algorithm);
      },
      any(sources) {
        const signal = abortInternals.make();
        for (let i = 0; i < sources.length; i++) {
          const source = sources[i] as AbortSignal;
          if (source.#aborted) {
            signal.#aborted = true;
            signal.#reason = source.#reason;
            return signal;
          }
        }
        for (let i = 0; i < sources.length; i++) {
          const source = sources[i] as AbortSignal;
          const inner = source.#sources;
          if (inner === undefined) signal.#add(source);
          else for (let j = 0; j < inner.length; j++) signal.#add(inner[j] as AbortSignal);
        }
        // Marks it as dependent even where it can never abort.
        signal.#sources ??= [];
        return signal;
      },
      isSignal: (value): value is AbortSignal =>
        typeof value === "object" && value !== null && #aborted in value,
    };
    signalHook.follow = (signal, remove) => {
      if (!abortInternals.isSignal(signal)) {
        throw new TypeErrorOf(
          "Failed to execute 'addEventListener' on 'EventTarget': 'signal' is not an AbortSignal.",
        );
      }
      if (signal.#aborted) return false;
      abortInternals.onAbort(signal, remove);
      return true;
    };
  }
}

function forget<T>(list: T[] | undefined, item: T): void {
  if (list === undefined) return;
  const index = arrayIndexOf(list, item);
  if (index >= 0) arraySplice(list, index, 1);
}

function nothing(): void {}
