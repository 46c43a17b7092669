import { WasmReader } from "./wasm-reader.ts";

const HEADER_BYTES = 8;
/** More than a valid binary can have, of those that are not custom. */
const MOST_SECTIONS = 64;

/** The sections of a WebAssembly binary that matter here, by their numbers. */
export const Section = {
  custom: 0,
  import: 2,
  table: 4,
  memory: 5,
  export: 7,
  start: 8,
  dataCount: 12,
} as const;

/** Where a section of a binary is. */
export interface WasmSection {
  readonly id: number;
  /** Where its number is. */
  readonly start: number;
  /** Where its contents begin. */
  readonly body: number;
  readonly end: number;
}

/**
 * The sections of a binary but the custom ones, of which it may have millions.
 * @throws RangeError if the binary ends within the head of a section, or has more of them than a valid one
 */
export function wasmSections(bytes: Uint8Array): WasmSection[] {
  const sections: WasmSection[] = [];
  const reader = new WasmReader(bytes, HEADER_BYTES);
  while (reader.at < bytes.length) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.unsigned();
    const body = reader.at;
    reader.at = body + size;
    if (id === Section.custom) continue;
    if (sections.length >= MOST_SECTIONS) throw new RangeError("the binary has too many sections");
    sections.push({ id, start, body, end: reader.at });
  }
  return sections;
}
