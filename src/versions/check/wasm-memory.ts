import { encodeUnsigned, WasmReader } from "./wasm-reader.ts";

const MEMORY_SECTION = 5;
const HEADER_BYTES = 8;
/** Bits of a memory's flags byte. */
const HAS_MAXIMUM = 1;
const SHARED = 2;
const CUSTOM_PAGE_SIZE = 8;

/**
 * Gives every memory that a WebAssembly binary declares a maximum, because V8's own limit is 4 GB
 * and isolates do not count it. A memory that is imported has the maximum of whoever made it.
 *
 * @param bytes a valid binary
 * @param memoryMb most memory, in MB, that one memory may have
 * @returns the binary, the same one if nothing had to change, or why it is refused
 */
export function capWasmMemory(
  bytes: Uint8Array,
  memoryMb: number,
): { ok: true; bytes: Uint8Array } | { ok: false; reason: string } {
  const mostPages = memoryMb * 16;
  const reader = new WasmReader(bytes, HEADER_BYTES);
  while (reader.at < bytes.length) {
    const sectionStart = reader.at;
    const id = reader.byte();
    const size = reader.unsigned();
    const end = reader.at + size;
    if (id !== MEMORY_SECTION) {
      reader.at = end;
      continue;
    }
    const count = reader.unsigned();
    const body = encodeUnsigned(count);
    let least = 0;
    for (let index = 0; index < count; index += 1) {
      const flags = reader.byte();
      if ((flags & SHARED) !== 0) return { ok: false, reason: "WebAssembly memory cannot be shared" };
      if ((flags & CUSTOM_PAGE_SIZE) !== 0)
        return { ok: false, reason: "WebAssembly memory must have pages of 64 KiB" };
      const minimum = reader.unsigned();
      const maximum = (flags & HAS_MAXIMUM) === 0 ? mostPages : Math.min(reader.unsigned(), mostPages);
      least += minimum;
      body.push(
        flags | HAS_MAXIMUM,
        ...encodeUnsigned(minimum),
        ...encodeUnsigned(Math.max(minimum, maximum)),
      );
    }
    if (least > mostPages) {
      return {
        ok: false,
        reason: `WebAssembly memory begins with ${least / 16} MB; at most ${memoryMb} MB are allowed`,
      };
    }
    const section = [MEMORY_SECTION, ...encodeUnsigned(body.length), ...body];
    return { ok: true, bytes: splice(bytes, sectionStart, end, section) };
  }
  return { ok: true, bytes };
}

function splice(bytes: Uint8Array, start: number, end: number, middle: readonly number[]): Uint8Array {
  const result = new Uint8Array(bytes.length - (end - start) + middle.length);
  result.set(bytes.subarray(0, start));
  result.set(middle, start);
  result.set(bytes.subarray(end), start + middle.length);
  return result;
}
