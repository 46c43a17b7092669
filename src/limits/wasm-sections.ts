import { WasmReader } from "./wasm-reader.ts";

const HEADER_BYTES = 8;

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

/** @throws RangeError if the binary ends within the head of a section */
export function wasmSections(bytes: Uint8Array): WasmSection[] {
  const sections: WasmSection[] = [];
  const reader = new WasmReader(bytes, HEADER_BYTES);
  while (reader.at < bytes.length) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.unsigned();
    const body = reader.at;
    reader.at = body + size;
    sections.push({ id, start, body, end: reader.at });
  }
  return sections;
}
