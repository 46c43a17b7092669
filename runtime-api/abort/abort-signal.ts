import { DOMException } from "../dom-exception/dom-exception.ts";
import { Event } from "../events/event.ts";
import {
  dispatch,
  EventTarget,
  type EventListener,
  getHandler,
  hasListeners,
  setHandler,
  signalHook,
} from "../events/event-target.ts";
import { io } from "../io/io.ts";
import { arrayIndexOf, arrayPush, arraySplice } from "../primordials/array.ts";
import { WeakRefOf, weakRefDeref } from "../primordials/collections.ts";
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

/** Dependents of which it is not worth looking whether they are gone. */
const FEW_DEPENDENTS = 16;

let constructing = false;

function abortError(): DOMException {
  return new DOMException("The operation was aborted", "AbortError");
}

/** Says whether something was aborted, and why. */
export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown;
  #algorithms: (() => void)[] | undefined;
  /** Signals that this one aborts. Weak, since it may live for all requests and each of them for one. */
  #dependents: WeakRef<AbortSignal>[] | undefined;
  /** How long the list may get before those that are gone are taken out. */
  #pruneAt = FEW_DEPENDENTS;
  /** Dependents on which somebody waits, though nobody may hold them any more. */
  #awaited: AbortSignal[] | undefined;
  /** Signals that abort this one; those have no sources themselves. */
  #sources: AbortSignal[] | undefined;
  /** Its sources hold it. */
  #isHeld = false;

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
    const dependents = (source.#dependents ??= []);
    if (dependents.length >= source.#pruneAt) source.#prune(dependents);
    arrayPush(dependents, new WeakRefOf(this));
  }

  #prune(dependents: WeakRef<AbortSignal>[]): void {
    let kept = 0;
    for (let i = 0; i < dependents.length; i++) {
      const dependent = dependents[i] as WeakRef<AbortSignal>;
      if (weakRefDeref(dependent) !== undefined) dependents[kept++] = dependent;
    }
    arraySplice(dependents, kept, dependents.length - kept);
    this.#pruneAt = mathMax(FEW_DEPENDENTS, kept * 2);
  }

  /** Keeps a dependent signal as long as its sources, since somebody waits for it to abort. */
  #hold(): void {
    const sources = this.#sources;
    if (this.#isHeld || sources === undefined) return;
    this.#isHeld = true;
    for (let i = 0; i < sources.length; i++) arrayPush(((sources[i] as AbortSignal).#awaited ??= []), this);
  }

  /** Lets it go when nobody waits any more. */
  #release(): void {
    const sources = this.#sources;
    if (!this.#isHeld || sources === undefined) return;
    this.#isHeld = false;
    for (let i = 0; i < sources.length; i++) forget((sources[i] as AbortSignal).#awaited, this);
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
            const dependent = weakRefDeref(dependents[i] as WeakRef<AbortSignal>);
            if (dependent === undefined || dependent.#aborted) continue;
            dependent.#aborted = true;
            dependent.#reason = signal.#reason;
            dependent.#release();
            dependent.#sources = undefined;
            arrayPush(aborting, dependent);
          }
        }
        signal.#runSteps();
        for (let i = 0; i < aborting.length; i++) (aborting[i] as AbortSignal).#runSteps();
      },
      onAbort(signal, algorithm) {
        if (signal.#aborted) return nothing;
        const algorithms = (signal.#algorithms ??= []);
        arrayPush(algorithms, algorithm);
        signal.#hold();
        return () => {
          forget(signal.#algorithms, algorithm);
          if (algorithms.length === 0 && !hasListeners(signal, "abort")) signal.#release();
        };
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
    signalHook.listened = (target) => {
      if (#isHeld in target) target.#hold();
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
