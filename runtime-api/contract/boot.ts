import type { Flat } from "./flat.ts";
import type { AskCell } from "./sync.ts";

/**
 * The image is one classic script whose completion value is a {@link Boot} function. The cell calls
 * it once per isolate, before any tenant code; the functions of {@link Runtime} are the only
 * doors into the isolate from then on, and each is called through an isolated-vm reference.
 */
export type Boot = (ask: AskCell, marks: Float64Array) => Runtime;

export interface Runtime {
  /**
   * Evaluates a version, as a slice of event 0. `modules` is the completion value of the version's
   * script (an array of {@link ModuleDefinition}); `values` holds the modules that are not code, as
   * `name, kind, value, …` with kind `text`, `json`, `data` or `wasm`. The end is told by a `loaded`
   * or `loadFailed` record of the next `collect`.
   */
  load(modules: ModuleDefinition[], values: unknown[], configJson: string, clockMs: number): void;
  /**
   * Runs one slice: `[event, clockMs, ...records]`, see `in.ts`. Never throws. `more` are slices that
   * follow in this turn: each is run by a later call without arguments, so that it has an entry of its
   * own and yet travels with the first, which costs much less than travelling alone.
   */
  deliver(slice?: Flat[], more?: Flat[][]): void;
  /**
   * Runs the one slice of a turn, and gives the array into which it and its microtasks put their records: V8 runs
   * those before its call returns, so what the cell copies is whole. The slice stays open, without a `slice` record;
   * where its event may be hung, or the copy did not arrive, `collect` follows.
   */
  turn(slice: Flat[]): Flat[];
  /**
   * Takes everything that the slices since the last call put out, see `out.ts`.
   * @param taken values of it that `turn` has given already, and that have arrived. @default 0
   */
  collect(taken?: number): Flat[];
  /**
   * Takes a clock that ticks every microsecond, of a realm that no worker is in: by it `slice` records tell times. Until
   * then they do by steps of a millisecond, less one. The cell gives it to isolates whose turns are of many slices.
   */
  setClock(clock: () => number): void;
}

/**
 * Words of `marks`, shared memory inside the cell: which event runs, so that a kill has its culprit
 * even when the isolate never returns. Written by the runtime only.
 */
export const Mark = {
  /** Event of the slice that runs; -1 between slices. */
  event: 0,
  /** Start of that slice, in microseconds of the runtime's own monotonic-enough clock. */
  startUs: 1,
  /** Counts slices; changes whenever a slice starts. */
  slice: 2,
  /** Bytes of WebAssembly memories, garbage included: V8's own figures leave them out. */
  wasmBytes: 3,
} as const;
/** How many words `marks` has. */
export const MARK_WORDS = 4;

/**
 * One module of a version's script, as the deploy's transform writes it.
 *
 * - `esm`: `body` is a generator function (async if the module awaits at its top level), called with
 *   `(imports, meta, dynamicImport, define)`. Its first step hoists functions and calls
 *   `define({ name: () => value, … })` with a getter per export, or `[i, "name"]` for one that it passes
 *   on from the i-th of `requests` (`[i]` for all of it), then yields; its second step runs the body. `imports[i]` is the namespace of the i-th specifier of `requests`. `export * from`
 *   stands in `stars` as an index into `requests`.
 * - `cjs`: `body` is a sloppy function called with `(module, exports, require, dynamicImport)`;
 *   `this` is `exports`.
 * - `script`: `body` is a sloppy function (service-worker format), called with a function that takes
 *   `[name, get, set]` of each `var` and `[name, get]` of each function of its top level, since these
 *   are global; `this` is `globalThis`.
 */
export type ModuleDefinition = readonly [
  name: string,
  kind: "esm" | "cjs" | "script",
  requests: readonly string[],
  stars: readonly number[],
  isAsync: boolean,
  body: (...args: never[]) => unknown,
];

/** What `configJson` holds. */
export interface LoadConfig {
  /** Name of the module that has the handlers. */
  main: string;
  /** Bindings of `env`, in the order of their declaration. */
  env: readonly EnvEntry[];
  /** Whether `Date.now()` moves while a slice runs; false as on Cloudflare. */
  liveClock: boolean;
  /** UTF-8 cap, in bytes, of bodies that are read whole inside the isolate. */
  bodyBytes: number;
  /** Memory of the isolate, in MB: what WebAssembly memories may take, which V8 does not count. */
  memoryMb: number;
  /** Whether `WebAssembly` compiles bytes at run time; false as on Cloudflare. */
  wasmCompile: boolean;
}

/** One name of `env`. Values of text, json and secret travel; anything else is a slot for calls. */
export type EnvEntry =
  | { name: string; type: "text"; value: string }
  | { name: string; type: "json"; value: unknown }
  | { name: string; type: "kv"; slot: number }
  | { name: string; type: "service"; slot: number }
  | { name: string; type: "rateLimit"; slot: number }
  | {
      name: string;
      type: "plugIn";
      slot: number;
      /** Methods that answer. */
      methods: readonly string[];
      /** Methods that answer nothing and are not waited for. */
      oneWay: readonly string[];
      /** Whether it has a `fetch`. */
      fetches: boolean;
      /** Plain JSON that stands beside its methods. */
      values: Readonly<Record<string, unknown>>;
    };

/** Slot 0 belongs to the runtime itself: outbound fetch, caches, cryptography, codecs. Bindings start at slot 1. */
export const RUNTIME_SLOT = 0;
