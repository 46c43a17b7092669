import {
  BufferOf,
  bufferByteLength,
  bufferDetached,
  bufferSlice,
  Bytes,
  bytesSet,
  DataViewOf,
  isArrayBuffer,
  typedArrayKind,
  typedBuffer,
  typedByteOffset,
  typedLength,
  viewBuffer,
  viewByteLength,
  viewByteOffset,
} from "../primordials/bytes.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { dataCloneError } from "./errors.ts";

type ViewConstructor = new (buffer: ArrayBufferLike, offset: number, length: number) => ArrayBufferView;
const CONSTRUCTORS = {
  __proto__: null,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  Float16Array: (globalThis as { Float16Array?: unknown }).Float16Array,
} as unknown as Record<string, ViewConstructor>;

const resizableGetter = Reflect.getOwnPropertyDescriptor(ArrayBuffer.prototype, "resizable")?.get;
const maxLengthGetter = Reflect.getOwnPropertyDescriptor(ArrayBuffer.prototype, "maxByteLength")?.get;
const isResizable = uncurry(resizableGetter as () => boolean) as (self: ArrayBuffer) => boolean;
const maxByteLength = uncurry(maxLengthGetter as () => number) as (self: ArrayBuffer) => number;

/** A buffer of the same size, with the same bytes if `fill`. Throws DataCloneError if detached. */
export function cloneBuffer(buffer: ArrayBuffer, fill: boolean): ArrayBuffer {
  if (!isArrayBuffer(buffer)) throw dataCloneError("A SharedArrayBuffer could not be cloned.");
  if (bufferDetached(buffer)) throw dataCloneError("An ArrayBuffer is detached and could not be cloned.");
  const length = bufferByteLength(buffer);
  if (!isResizable(buffer)) return fill ? bufferSlice(buffer, 0) : new BufferOf(length);
  const copy = new BufferOf(length, { maxByteLength: maxByteLength(buffer) });
  if (fill) fillBuffer(copy, buffer);
  return copy;
}

/** Copies the bytes of one buffer into another of the same size. */
export function fillBuffer(copy: ArrayBuffer, source: ArrayBuffer): void {
  bytesSet(new Bytes(copy), new Bytes(source));
}

/** A view of the same kind; `clone` copies the buffer behind it. */
export function cloneView(view: ArrayBufferView, clone: (inner: unknown) => unknown): ArrayBufferView {
  const kind = typedArrayKind(view);
  if (kind === undefined) {
    const buffer = clone(viewBuffer(view as DataView)) as ArrayBuffer;
    return new DataViewOf(buffer, viewByteOffset(view as DataView), viewByteLength(view as DataView));
  }
  const buffer = clone(typedBuffer(view)) as ArrayBuffer;
  return new (CONSTRUCTORS[kind] as ViewConstructor)(buffer, typedByteOffset(view), typedLength(view));
}
