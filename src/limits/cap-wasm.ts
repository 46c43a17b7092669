import { exportPrivateMemories, type WasmEdit } from "./wasm-private-memories.ts";
import { encodeUnsigned, skipConstant, skipType, WasmReader } from "./wasm-reader.ts";
import { Section, wasmSections } from "./wasm-sections.ts";

/** Bits of the flags byte of a memory's or table's limits. */
const HAS_MAXIMUM = 1;
const SHARED = 2;
const CUSTOM_PAGE_SIZE = 8;
/** First byte of a table that brings a value for its entries. */
const WITH_VALUE = 0x40;

/** Entries that one table may have. */
export const WASM_TABLE_ENTRIES = 1_000_000;

/** A binary that is within its limits, or why it is refused. */
export type CappedWasm =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string };

/** Why a binary is refused. */
class Refusal extends Error {}

/**
 * Gives every memory and table that a WebAssembly binary declares a maximum, because V8's own limits are far
 * above an isolate's memory, and isolates do not count it. What is imported has the maximum of whoever made it.
 * Memories that the binary keeps to itself are exported, see `wasm-private-memories.ts`.
 *
 * @param bytes a valid binary; of another one nothing is said but that the result has no higher limits
 * @param memoryMb most memory, in MB, that one memory may have, and that all of them may begin with
 * @returns the binary, the same one if nothing had to change, or why it is refused
 */
export function capWasm(bytes: Uint8Array, memoryMb: number): CappedWasm {
  const edits: WasmEdit[] = [];
  try {
    const sections = wasmSections(bytes);
    let declared = 0;
    for (const { id, start, body: at, end } of sections) {
      if (id !== Section.memory && id !== Section.table) continue;
      const reader = new WasmReader(bytes, at);
      if (id === Section.memory) declared += new WasmReader(bytes, at).count();
      const body = id === Section.memory ? memories(reader, memoryMb) : tables(reader, bytes);
      edits.push({ start, end, bytes: [id, ...encodeUnsigned(body.length), ...body] });
    }
    if (declared > 0) edits.push(...exportPrivateMemories(bytes, sections, declared));
  } catch (error) {
    if (error instanceof Refusal || error instanceof RangeError) return { ok: false, reason: error.message };
    throw error;
  }
  if (edits.length === 0) return { ok: true, bytes };
  const pieces: (Uint8Array | readonly number[])[] = [];
  let copied = 0;
  for (const { start, end, bytes: instead } of edits.toSorted((a, b) => a.start - b.start)) {
    pieces.push(bytes.subarray(copied, start), instead);
    copied = end;
  }
  return { ok: true, bytes: join([...pieces, bytes.subarray(copied)]) };
}

function memories(reader: WasmReader, memoryMb: number): readonly number[] {
  const mostPages = memoryMb * 16;
  const count = reader.count();
  const body = encodeUnsigned(count);
  let least = 0;
  for (let index = 0; index < count; index += 1) {
    const flags = reader.byte();
    if ((flags & SHARED) !== 0) throw new Refusal("WebAssembly memory cannot be shared");
    if ((flags & CUSTOM_PAGE_SIZE) !== 0) throw new Refusal("WebAssembly memory must have pages of 64 KiB");
    least += limits(reader, flags, mostPages, body);
  }
  if (least > mostPages) {
    throw new Refusal(`WebAssembly memory begins with ${least / 16} MB; at most ${memoryMb} MB are allowed`);
  }
  return body;
}

function tables(reader: WasmReader, bytes: Uint8Array): readonly number[] {
  const count = reader.count();
  const body = encodeUnsigned(count);
  for (let index = 0; index < count; index += 1) {
    const typeStart = reader.at;
    const hasValue = bytes[typeStart] === WITH_VALUE;
    // Such a table has another byte, for now always 0.
    if (hasValue) reader.at += 2;
    skipType(reader);
    append(body, bytes, typeStart, reader.at);
    const flags = reader.byte();
    if ((flags & SHARED) !== 0) throw new Refusal("WebAssembly tables cannot be shared");
    const least = limits(reader, flags, WASM_TABLE_ENTRIES, body);
    if (least > WASM_TABLE_ENTRIES) {
      throw new Refusal(
        `a WebAssembly table begins with ${least} entries; at most ${WASM_TABLE_ENTRIES} are allowed`,
      );
    }
    const valueStart = reader.at;
    if (hasValue) skipConstant(reader);
    append(body, bytes, valueStart, reader.at);
  }
  return body;
}

/** Reads limits and appends them with a maximum of at most `most`. Gives the minimum. */
function limits(reader: WasmReader, flags: number, most: number, body: number[]): number {
  const minimum = reader.unsigned();
  const maximum = (flags & HAS_MAXIMUM) === 0 ? most : Math.min(reader.unsigned(), most);
  body.push(flags | HAS_MAXIMUM, ...encodeUnsigned(minimum), ...encodeUnsigned(Math.max(minimum, maximum)));
  return minimum;
}

function append(body: number[], bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at += 1) body.push(bytes[at]!);
}

function join(pieces: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const result = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}
