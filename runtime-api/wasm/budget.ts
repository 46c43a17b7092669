import { WASM_HIDDEN_EXPORT } from "../contract/bounds.ts";
import { arrayPush } from "../primordials/array.ts";
import { bufferByteLength } from "../primordials/bytes.ts";
import { WeakMapOf, weakMapGet, weakMapSet, weakRefDeref, WeakRefOf } from "../primordials/collections.ts";
import { RangeErrorOf } from "../primordials/errors.ts";
import {
  dataDescriptor,
  objectCreate,
  objectDefineProperty,
  objectFreeze,
  objectGetOwnPropertyDescriptor,
  objectKeys,
} from "../primordials/object.ts";
import { stringStartsWith } from "../primordials/string.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { nativeWasm, wasmSettings } from "./native.ts";

const MB = 1024 * 1024;
/** Memories that may be alive at once. */
const LIVE_MEMORIES = 1_000;

/** The buffer of a memory. A TypeError for anything else. */
export const bufferOf = uncurry(
  objectGetOwnPropertyDescriptor(nativeWasm.Memory.prototype as object, "buffer")?.get as () => ArrayBuffer,
);
/** The exports of an instance, as an object without a prototype; those that nobody gets to see too. */
export const exportsOf = uncurry(
  objectGetOwnPropertyDescriptor(nativeWasm.Instance.prototype as object, "exports")?.get as () => Record<
    string,
    unknown
  >,
);
/** Memories that are alive: V8 does not count what they take. */
let live: WeakRef<object>[] = [];
/** What they took when that was last looked at. */
let knownBytes = 0;

/** Throws a RangeError if all memories would take more than the isolate's, with `bytes` more. */
export function requireWasmMemory(bytes: number): void {
  let total = bytes;
  const still: WeakRef<object>[] = [];
  for (let i = 0; i < live.length; i++) {
    const memory = weakRefDeref(live[i] as WeakRef<object>);
    if (memory === undefined) continue;
    arrayPush(still, live[i] as WeakRef<object>);
    total += bufferByteLength(bufferOf(memory));
  }
  live = still;
  knownBytes = total - bytes;
  wasmSettings.report(knownBytes);
  if (total > wasmSettings.memoryMb * MB || live.length >= LIVE_MEMORIES) {
    throw new RangeErrorOf(
      `WebAssembly memories would take more than the isolate's ${wasmSettings.memoryMb} MB`,
    );
  }
}

/** Counts a memory for as long as it lives. */
export function countWasmMemory(memory: object): void {
  arrayPush(live, new WeakRefOf(memory));
  knownBytes += bufferByteLength(bufferOf(memory));
  wasmSettings.report(knownBytes);
}

/** Exports of instances without those that are the runtime's own, where there are such. */
const shownExports = new WeakMapOf<object, object>();

/** Makes an instance and counts the memories that it exports, also those that nobody else gets to see. */
export function makeInstance(make: () => object): object {
  requireWasmMemory(0);
  const instance = make();
  const exports = exportsOf(instance);
  const names = objectKeys(exports);
  let hasHidden = false;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const value = exports[name];
    if (typeof value === "object" && value !== null && isMemory(value)) countWasmMemory(value);
    hasHidden ||= isHiddenExport(name);
  }
  if (hasHidden) weakMapSet(shownExports, instance, withoutHidden(exports, names));
  return instance;
}

/** Whether an export is the runtime's own. */
export function isHiddenExport(name: string): boolean {
  return stringStartsWith(name, WASM_HIDDEN_EXPORT);
}

/** The exports of an instance that a worker sees. A TypeError for anything else. */
export function shownExportsOf(instance: unknown): object {
  const exports = exportsOf(instance);
  return weakMapGet(shownExports, instance as object) ?? exports;
}

function withoutHidden(exports: Record<string, unknown>, names: readonly string[]): object {
  const shown = objectCreate(null) as object;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (!isHiddenExport(name))
      objectDefineProperty(shown, name, dataDescriptor(exports[name], true, false, false));
  }
  return objectFreeze(shown);
}

function isMemory(value: unknown): boolean {
  try {
    bufferOf(value);
    return true;
  } catch {
    return false;
  }
}
