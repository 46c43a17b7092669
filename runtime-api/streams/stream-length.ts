import { WeakMapOf, weakMapGet, weakMapSet } from "../primordials/collections.ts";

/** Streams of which it is known how many bytes they give. */
const lengths = new WeakMapOf<object, number>();

/** Says how many bytes a stream will give. */
export function setStreamLength(stream: object, bytes: number): void {
  weakMapSet(lengths, stream, bytes);
}

/** How many bytes a stream will give; undefined if nobody said. */
export function streamLength(stream: object): number | undefined {
  return weakMapGet(lengths, stream);
}
