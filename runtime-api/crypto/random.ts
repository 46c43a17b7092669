import { Ask } from "../contract/sync.ts";
import { DOMException } from "../dom-exception/dom-exception.ts";
import { io } from "../io/io.ts";
import { Bytes, bytesSet, bytesSubarray, typedLength } from "../primordials/bytes.ts";

/** Bytes that are fetched from the cell at once. */
const POOL_BYTES = 4_096;
let pool = new Bytes(0);
let used = 0;

function ask(count: number): Uint8Array<ArrayBuffer> {
  const bytes = io.ask(Ask.random, count);
  if (typeof bytes !== "object" || bytes === null)
    throw new DOMException("No random bytes are available.", "OperationError");
  return bytes as Uint8Array<ArrayBuffer>;
}

/** Fills `into` (at most 65,536 bytes) with random bytes. Throws in the global scope. */
export function fillRandom(into: Uint8Array): void {
  io.requireEvent();
  const count = typedLength(into);
  if (count > POOL_BYTES / 4) {
    bytesSet(into, ask(count));
    return;
  }
  if (used + count > typedLength(pool)) {
    pool = ask(POOL_BYTES);
    used = 0;
  }
  bytesSet(into, bytesSubarray(pool, used, used + count));
  used += count;
}
