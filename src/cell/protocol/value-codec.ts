import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { Violation } from "./violation.ts";

/** One byte before each value says what follows. */
const Tag = { null: 0, false: 1, true: 2, uint: 3, double: 4, utf8: 5, utf16: 6, bytes: 7 } as const;

/** Bytes that a value may need at most, its tag included. */
export function valueRoom(value: Flat): number {
  // A UTF-16 unit needs up to three bytes of UTF-8, two of UTF-16.
  if (typeof value === "string") return 5 + value.length * 3;
  if (value instanceof Uint8Array) return 5 + value.length;
  return 9;
}

/** Writes a value at `at` where there is {@link valueRoom} for it, and gives the place behind it. */
export function writeValue(into: Buffer, at: number, value: Flat): number {
  switch (typeof value) {
    case "string": {
      if (!value.isWellFormed()) {
        into[at] = Tag.utf16;
        into.writeUInt32LE(value.length * 2, at + 1);
        return at + 5 + into.write(value, at + 5, "utf16le");
      }
      const length = into.write(value, at + 5, "utf8");
      into[at] = Tag.utf8;
      into.writeUInt32LE(length, at + 1);
      return at + 5 + length;
    }
    case "number":
      if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff && !Object.is(value, -0)) {
        into[at] = Tag.uint;
        return into.writeUInt32LE(value, at + 1);
      }
      into[at] = Tag.double;
      return into.writeDoubleLE(value, at + 1);
    case "boolean":
      into[at] = value ? Tag.true : Tag.false;
      return at + 1;
    default:
      if (value === null) {
        into[at] = Tag.null;
        return at + 1;
      }
      into[at] = Tag.bytes;
      into.writeUInt32LE(value.length, at + 1);
      into.set(value, at + 5);
      return at + 5 + value.length;
  }
}

/** Writes what stands before the content of a byte array, and gives the place behind it. */
export function writeBytesHeader(into: Buffer, at: number, length: number): number {
  into[at] = Tag.bytes;
  return into.writeUInt32LE(length, at + 1);
}

/** Bytes before the content of a text or byte array: its tag and length. */
export const BYTES_HEADER = 5;
/** Of {@link valueLength}: there is too little to tell. */
export const LENGTH_UNKNOWN = -1;

/**
 * How many bytes the value at `at` takes with its tag, or {@link LENGTH_UNKNOWN}.
 * @throws Violation for an unknown tag
 */
export function valueLength(from: Buffer, at: number): number {
  if (at >= from.length) return LENGTH_UNKNOWN;
  const tag = from[at];
  switch (tag) {
    case Tag.null:
    case Tag.false:
    case Tag.true:
      return 1;
    case Tag.uint:
      return 5;
    case Tag.double:
      return 9;
    case Tag.utf8:
    case Tag.utf16:
    case Tag.bytes:
      return at + BYTES_HEADER > from.length ? LENGTH_UNKNOWN : BYTES_HEADER + from.readUInt32LE(at + 1);
    default:
      throw new Violation(`a value with the unknown tag ${tag}`);
  }
}

/** Whether the value at `at` is a byte array. */
export function isBytes(from: Buffer, at: number): boolean {
  return from[at] === Tag.bytes;
}

/** Reads the value at `at`, which has {@link valueLength} `length`. A byte array is a copy, exact in size. */
export function readValue(from: Buffer, at: number, length: number): Flat {
  switch (from[at]) {
    case Tag.false:
      return false;
    case Tag.true:
      return true;
    case Tag.uint:
      return from.readUInt32LE(at + 1);
    case Tag.double:
      return from.readDoubleLE(at + 1);
    case Tag.utf8:
      return from.toString("utf8", at + BYTES_HEADER, at + length);
    case Tag.utf16:
      return from.toString("utf16le", at + BYTES_HEADER, at + length);
    case Tag.bytes:
      return new Uint8Array(from.subarray(at + BYTES_HEADER, at + length));
    default:
      return null;
  }
}
