/** Items of a section that matters here, as V8 bounds them. */
const MOST_ITEMS = 1_000_000;

/** Reads the integers of a WebAssembly binary that has been validated. */
export class WasmReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new RangeError("the binary ends too early");
    this.at += 1;
    return byte;
  }

  /** How many items follow. @throws RangeError if they are more than V8 takes */
  count(): number {
    const count = this.unsigned();
    if (count > MOST_ITEMS) throw new RangeError(`a section of the binary has more than ${MOST_ITEMS} items`);
    return count;
  }

  /** An unsigned LEB128 of at most 64 bits, rounded beyond 2 ** 53. */
  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}

/** How many bytes follow these opcodes of a constant expression: numbers that are written out, and sums. */
const PLAIN_BYTES: Readonly<Record<number, number>> = {
  0x43: 4,
  0x44: 8,
  0x6a: 0,
  0x6b: 0,
  0x6c: 0,
  0x7c: 0,
  0x7d: 0,
  0x7e: 0,
};
/** Opcodes that one integer follows: global.get, i32.const, i64.const, ref.null, ref.func. */
const WITH_INTEGER: readonly number[] = [0x23, 0x41, 0x42, 0xd0, 0xd2];
/** How many integers follow the opcodes behind the prefix of garbage collected types. */
const GC_INTEGERS: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  6: 1,
  7: 1,
  8: 2,
  26: 0,
  27: 0,
  28: 0,
};
/** Bits of the flags byte of limits. */
const HAS_MAXIMUM = 1;
const CUSTOM_PAGE_SIZE = 8;
/** First bytes of reference types that name a heap type. */
const NULLABLE = 0x63;
const NOT_NULLABLE = 0x64;
const END = 0x0b;
const GC_PREFIX = 0xfb;
const VECTOR_PREFIX = 0xfd;
const VECTOR_BYTES = 16;

/**
 * Skips a constant expression.
 * @throws RangeError if it has an instruction that is not known here
 */
export function skipConstant(reader: WasmReader): void {
  for (let opcode = reader.byte(); opcode !== END; opcode = reader.byte()) {
    const plain = PLAIN_BYTES[opcode];
    if (plain !== undefined) reader.at += plain;
    else if (WITH_INTEGER.includes(opcode)) reader.unsigned();
    else if (opcode === VECTOR_PREFIX && reader.unsigned() === 12) reader.at += VECTOR_BYTES;
    else {
      const integers = opcode === GC_PREFIX ? GC_INTEGERS[reader.unsigned()] : undefined;
      if (integers === undefined) throw new RangeError("a constant of the binary has an unknown instruction");
      for (let i = 0; i < integers; i += 1) reader.unsigned();
    }
  }
}

/** Skips a value type. */
export function skipType(reader: WasmReader): void {
  const first = reader.byte();
  if (first === NULLABLE || first === NOT_NULLABLE) reader.unsigned();
}

/** Skips the limits of a memory or table. */
export function skipLimits(reader: WasmReader): void {
  const flags = reader.byte();
  reader.unsigned();
  if ((flags & HAS_MAXIMUM) !== 0) reader.unsigned();
  if ((flags & CUSTOM_PAGE_SIZE) !== 0) reader.unsigned();
}

/** An unsigned LEB128. */
export function encodeUnsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}
