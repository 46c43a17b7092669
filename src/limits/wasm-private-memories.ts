import { WASM_HIDDEN_EXPORT } from "../../runtime-api/contract/bounds.ts";
import { encodeUnsigned, skipLimits, skipType, WasmReader } from "./wasm-reader.ts";
import { Section, type WasmSection } from "./wasm-sections.ts";

/** Kinds of imports and exports. */
const Kind = { function: 0, table: 1, memory: 2, global: 3, tag: 4 } as const;

/** A piece of a binary, maybe empty, and what stands there instead. */
export interface WasmEdit {
  readonly start: number;
  readonly end: number;
  readonly bytes: readonly number[];
}

/**
 * Exports the memories that a binary declares and keeps to itself under names that begin with
 * `WASM_HIDDEN_EXPORT`, so that the runtime can count what they take. It shows them to nobody.
 *
 * @param declared how many memories the binary declares
 * @returns what to change; nothing if all are exported already
 * @throws RangeError if the binary is malformed, or has something that is not known here
 */
export function exportPrivateMemories(
  bytes: Uint8Array,
  sections: readonly WasmSection[],
  declared: number,
): readonly WasmEdit[] {
  const first = importedMemories(bytes, sections);
  const existing = sections.find(({ id }) => id === Section.export);
  const exported = existing === undefined ? new Set<number>() : exportedMemories(bytes, existing);
  const added: number[] = [];
  let count = 0;
  for (let index = first; index < first + declared; index += 1) {
    if (exported.has(index)) continue;
    const name = new TextEncoder().encode(`${WASM_HIDDEN_EXPORT}${index}`);
    added.push(...encodeUnsigned(name.length), ...name, Kind.memory, ...encodeUnsigned(index));
    count += 1;
  }
  if (count === 0) return [];
  if (existing === undefined) {
    const next = sections.find(({ id }) => id >= Section.start && id <= Section.dataCount);
    const at = next === undefined ? bytes.length : next.start;
    return [{ start: at, end: at, bytes: [...headOf(count, added.length), ...added] }];
  }
  const reader = new WasmReader(bytes, existing.body);
  const before = reader.count();
  const head = headOf(before + count, existing.end - reader.at + added.length);
  return [
    { start: existing.start, end: reader.at, bytes: head },
    { start: existing.end, end: existing.end, bytes: added },
  ];
}

/** Number, size and count of a section of exports. */
function headOf(count: number, sizeBytes: number): number[] {
  const encoded = encodeUnsigned(count);
  return [Section.export, ...encodeUnsigned(encoded.length + sizeBytes), ...encoded];
}

function importedMemories(bytes: Uint8Array, sections: readonly WasmSection[]): number {
  const section = sections.find(({ id }) => id === Section.import);
  if (section === undefined) return 0;
  const reader = new WasmReader(bytes, section.body);
  let memories = 0;
  for (let left = reader.count(); left > 0; left -= 1) {
    skipName(reader);
    skipName(reader);
    switch (reader.byte()) {
      case Kind.function:
        reader.unsigned();
        break;
      case Kind.table:
        skipType(reader);
        skipLimits(reader);
        break;
      case Kind.memory:
        skipLimits(reader);
        memories += 1;
        break;
      case Kind.global:
        skipType(reader);
        reader.byte();
        break;
      case Kind.tag:
        reader.byte();
        reader.unsigned();
        break;
      default:
        throw new RangeError("the binary imports something of an unknown kind");
    }
  }
  return memories;
}

function exportedMemories(bytes: Uint8Array, section: WasmSection): Set<number> {
  const reader = new WasmReader(bytes, section.body);
  const memories = new Set<number>();
  for (let left = reader.count(); left > 0; left -= 1) {
    skipName(reader);
    const kind = reader.byte();
    const index = reader.unsigned();
    if (kind === Kind.memory) memories.add(index);
  }
  return memories;
}

function skipName(reader: WasmReader): void {
  const length = reader.unsigned();
  reader.at += length;
}
