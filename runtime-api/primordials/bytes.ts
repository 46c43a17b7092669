import { uncurry } from "./uncurry.ts";

const typed = Reflect.getPrototypeOf(Uint8Array.prototype) as Uint8Array;

function getter<S, R>(proto: object, key: PropertyKey): (self: S) => R {
  return uncurry(Reflect.getOwnPropertyDescriptor(proto, key)?.get as () => R) as (self: S) => R;
}

export const Bytes = Uint8Array;
export const BufferOf = ArrayBuffer;
export const DataViewOf = DataView;
export const isView: (value: unknown) => value is ArrayBufferView = ArrayBuffer.isView;

/** The name of a typed array's kind (`Uint8Array` …), undefined for anything else. Cannot be faked. */
export const typedArrayKind = getter<unknown, string | undefined>(typed, Symbol.toStringTag);
export const typedBuffer = getter<ArrayBufferView, ArrayBufferLike>(typed, "buffer");
export const typedByteOffset = getter<ArrayBufferView, number>(typed, "byteOffset");
export const typedByteLength = getter<ArrayBufferView, number>(typed, "byteLength");
export const typedLength = getter<ArrayBufferView, number>(typed, "length");
export const bytesSet = uncurry(typed.set) as (
  self: Uint8Array,
  source: ArrayLike<number>,
  offset?: number,
) => void;
export const bytesIndexOf = uncurry(typed.indexOf) as (
  self: Uint8Array,
  value: number,
  from?: number,
) => number;

/** Byte length of an ArrayBuffer; a TypeError for anything else (a brand check). */
export const bufferByteLength = getter<ArrayBufferLike, number>(ArrayBuffer.prototype, "byteLength");
export const bufferDetached = getter<ArrayBuffer, boolean>(ArrayBuffer.prototype, "detached");
export const bufferSlice = uncurry(ArrayBuffer.prototype.slice) as (
  self: ArrayBuffer,
  start: number,
  end?: number,
) => ArrayBuffer;
export const bufferTransfer = uncurry(ArrayBuffer.prototype.transfer) as (
  self: ArrayBuffer,
  length?: number,
) => ArrayBuffer;

export const viewBuffer = getter<DataView, ArrayBufferLike>(DataView.prototype, "buffer");
export const viewByteOffset = getter<DataView, number>(DataView.prototype, "byteOffset");
export const viewByteLength = getter<DataView, number>(DataView.prototype, "byteLength");

/** Whether the value is an ArrayBuffer, by its brand. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  try {
    bufferByteLength(value as ArrayBuffer);
    return true;
  } catch {
    return false;
  }
}

/** Whether the value is an ArrayBuffer or a view on one, by its brand. */
export function isBufferSource(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return isView(value) || isArrayBuffer(value);
}

/**
 * The bytes of a BufferSource without a copy, none if its memory was transferred away; undefined for anything
 * else. Slots are read, never properties, so what a tenant defined on the object does not matter.
 */
export function bytesOf(source: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (isView(source)) {
    const isData = typedArrayKind(source) === undefined;
    const buffer = (isData ? viewBuffer(source as DataView) : typedBuffer(source)) as ArrayBuffer;
    if (bufferDetached(buffer)) return new Bytes(0);
    return isData
      ? new Bytes(buffer, viewByteOffset(source as DataView), viewByteLength(source as DataView))
      : new Bytes(buffer, typedByteOffset(source), typedByteLength(source));
  }
  if (!isArrayBuffer(source)) return undefined;
  return bufferDetached(source) ? new Bytes(0) : new Bytes(source);
}

/** The bytes from `start` to `end` as a view on the same memory, without asking a species. */
export function bytesSubarray(
  bytes: Uint8Array,
  start = 0,
  end: number = typedLength(bytes),
): Uint8Array<ArrayBuffer> {
  return new Bytes(typedBuffer(bytes) as ArrayBuffer, typedByteOffset(bytes) + start, end - start);
}

/** An exact-size copy of some bytes: the only form in which bytes may leave the isolate. */
export function bytesCopy(
  source: Uint8Array,
  start = 0,
  end: number = typedLength(source),
): Uint8Array<ArrayBuffer> {
  const copy = new Bytes(end - start);
  bytesSet(copy, start === 0 && end === typedLength(source) ? source : bytesSubarray(source, start, end));
  return copy;
}
