import { BodyKind, type Flat, type FlatBody } from "../../../runtime-api/contract/flat.ts";
import { Violation } from "./violation.ts";

/**
 * Reads the fields of flat records one after the other and believes nothing: each read says what it
 * expects, and throws a {@link Violation} for anything else. Holes and the end read as `undefined`.
 */
export class FlatReader {
  readonly #values: readonly unknown[];
  #at = 0;
  /** Buffers that were read: what one record's reader gives away must not be another's. */
  #buffers: Set<ArrayBufferLike> | undefined;
  /** Bytes and UTF-16 units read since the last {@link takeWeight}. */
  #weight = 0;

  /** @throws Violation if `values` is no plain array */
  constructor(values: unknown) {
    if (!Array.isArray(values)) throw new Violation("expected an array of records");
    this.#values = values as readonly unknown[];
  }

  get done(): boolean {
    return this.#at >= this.#values.length;
  }

  /** Bytes and UTF-16 units read since the last call. */
  takeWeight(): number {
    const weight = this.#weight;
    this.#weight = 0;
    return weight;
  }

  /** An integer from `least` to `most`. */
  int(what: string, least: number, most: number): number {
    const value = this.#next();
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most)
      this.#refuse(what);
    return value;
  }

  /** A finite number, at least 0. */
  amount(what: string): number {
    const value = this.#next();
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0) this.#refuse(what);
    return value;
  }

  text(what: string, maxUnits: number): string {
    const value = this.#next();
    if (typeof value !== "string" || value.length > maxUnits) this.#refuse(what);
    this.#weight += value.length;
    return value;
  }

  flag(what: string): boolean {
    const value = this.#next();
    if (typeof value !== "boolean") this.#refuse(what);
    return value;
  }

  /** A byte array that is a plain `Uint8Array` over exactly its own buffer. */
  bytes(what: string, maxBytes: number): Uint8Array {
    const value = this.#next();
    if (!isExactBytes(value) || value.length > maxBytes) this.#refuse(what);
    this.#weight += value.length;
    return this.#own(value);
  }

  flat(what: string): Flat {
    const value = this.#next();
    if (typeof value === "string") {
      this.#weight += value.length;
      return value;
    }
    if (isExactBytes(value)) {
      this.#weight += value.length;
      return this.#own(value);
    }
    if (value !== null && typeof value !== "number" && typeof value !== "boolean") this.#refuse(what);
    return value;
  }

  /** `count` values, whatever they are; refused before anything is allocated if they are not there. */
  flats(what: string, maxCount: number): Flat[] {
    const count = this.int(what, 0, Math.min(maxCount, this.#values.length));
    const found: Flat[] = [];
    for (let i = 0; i < count; i++) found.push(this.flat(what));
    return found;
  }

  body(what: string, maxInlineUnits: number): FlatBody {
    const kind = this.int(what, BodyKind.none, BodyKind.copy);
    switch (kind) {
      case BodyKind.none:
        if (this.#next() !== null) this.#refuse(what);
        return [BodyKind.none, null];
      case BodyKind.text:
        return [BodyKind.text, this.text(what, maxInlineUnits)];
      case BodyKind.bytes:
        return [BodyKind.bytes, this.bytes(what, maxInlineUnits)];
      default:
        return [kind as typeof BodyKind.stream, this.int(what, 1, Number.MAX_SAFE_INTEGER)];
    }
  }

  /** Text or bytes: a message of a WebSocket that travels in one record. */
  message(what: string, maxUnits: number, maxBytes: number): string | Uint8Array {
    const isText = typeof this.#values[this.#at] === "string";
    return isText ? this.text(what, maxUnits) : this.bytes(what, maxBytes);
  }

  /** The bytes, or a copy where they came before: an isolate may send one array many times. */
  #own(bytes: Uint8Array): Uint8Array {
    this.#buffers ??= new Set();
    if (this.#buffers.has(bytes.buffer)) return new Uint8Array(bytes);
    this.#buffers.add(bytes.buffer);
    return bytes;
  }

  #next(): unknown {
    return this.#at < this.#values.length ? this.#values[this.#at++] : undefined;
  }

  #refuse(what: string): never {
    throw new Violation(`${what} is of the wrong kind, size or range (value ${this.#at})`);
  }
}

/** Whether the value is a `Uint8Array` that is its whole, fixed-size, unshared buffer. */
export function isExactBytes(value: unknown): value is Uint8Array {
  if (!(value instanceof Uint8Array) || Object.getPrototypeOf(value) !== Uint8Array.prototype) return false;
  const { buffer } = value;
  return buffer instanceof ArrayBuffer && !buffer.resizable && buffer.byteLength === value.byteLength;
}

/** The bytes as an array over exactly its own buffer: themselves, or a copy. */
export function exactBytes(bytes: Uint8Array): Uint8Array {
  return isExactBytes(bytes) ? bytes : new Uint8Array(bytes);
}
