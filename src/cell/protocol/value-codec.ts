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

/**
 * Reads all values from `at` to the end. Byte arrays are copies, exact in size.
 * @throws Violation for an unknown tag, a length beyond the end, or more than `maxValues`
 */
export function readValues(from: Buffer, at: number, maxValues: number): Flat[] {
  const values: Flat[] = [];
  while (at < from.length) {
    if (values.length >= maxValues) throw new Violation("a frame with too many values");
    const tag = from[at++];
    switch (tag) {
      case Tag.null:
        values.push(null);
        break;
      case Tag.false:
      case Tag.true:
        values.push(tag === Tag.true);
        break;
      case Tag.uint:
        need(from, at, 4);
        values.push(from.readUInt32LE(at));
        at += 4;
        break;
      case Tag.double:
        need(from, at, 8);
        values.push(from.readDoubleLE(at));
        at += 8;
        break;
      case Tag.utf8:
      case Tag.utf16:
      case Tag.bytes: {
        need(from, at, 4);
        const end = at + 4 + from.readUInt32LE(at);
        need(from, at + 4, end - at - 4);
        if (tag === Tag.utf8) values.push(from.toString("utf8", at + 4, end));
        else if (tag === Tag.utf16) values.push(from.toString("utf16le", at + 4, end));
        else
          values.push(
            Uint8Array.prototype.slice.call(
              new Uint8Array(from.buffer, from.byteOffset, from.length),
              at + 4,
              end,
            ),
          );
        at = end;
        break;
      }
      default:
        throw new Violation(`a value with the unknown tag ${tag}`);
    }
  }
  return values;
}

function need(from: Buffer, at: number, count: number): void {
  if (at + count > from.length) throw new Violation("a value beyond the end of its frame");
}
