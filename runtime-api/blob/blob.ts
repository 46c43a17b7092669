import { decodeText } from "./decode-text.ts";
import { Bytes, bytesCopy, typedBuffer, typedByteOffset, typedLength } from "../primordials/bytes.ts";
import { stringCharCodeAt, stringToLowerCase } from "../primordials/string.ts";
import { mathFloor, mathMax, mathMin, numberIsNaN } from "../primordials/values.ts";
import { bytesStream } from "../streams/bytes-stream.ts";
import { shapeInterface } from "../globals/define.ts";
import type { ByteStream } from "../streams/stream-state.ts";
import { joinParts, readParts } from "./blob-parts.ts";
import type { Endings } from "./blob-parts.ts";

export interface BlobOptions {
  type?: string;
  endings?: Endings;
}

/** A MIME type as a blob keeps it: lower case, and empty if it has anything but printable ASCII. */
function normalizeType(type: unknown): string {
  const text = `${type as string}`;
  for (let i = 0; i < text.length; i++) {
    const code = stringCharCodeAt(text, i);
    if (code < 0x20 || code > 0x7e) return "";
  }
  return stringToLowerCase(text);
}

/** One end of a slice, clamped as Web IDL's `[Clamp] long long` and then to the blob. */
function clampIndex(value: unknown, sizeBytes: number, missing: number): number {
  if (value === undefined) return missing;
  const number = +(value as number);
  const below = mathFloor(number);
  // Web IDL rounds to the nearest integer, a half to the even one.
  const up = number - below > 0.5 || (number - below === 0.5 && below % 2 !== 0);
  const index = numberIsNaN(number) ? 0 : up ? below + 1 : below;
  return index < 0 ? mathMax(sizeBytes + index, 0) : mathMin(index, sizeBytes);
}

/** Checks the options of a blob or file: a dictionary, null or undefined. */
export function requireDictionary(options: unknown, what: string): void {
  if (
    options !== undefined &&
    options !== null &&
    typeof options !== "object" &&
    typeof options !== "function"
  ) {
    throw new TypeError(`Cannot make a ${what}: the options are not an object`);
  }
}

/** The members of a blob's options, in the order in which Web IDL reads them. */
export function readBlobOptions(options: BlobOptions | null | undefined): {
  readonly endings: Endings;
  readonly type: string;
} {
  const endingsGiven: unknown = options?.endings;
  const endings = endingsGiven === undefined ? "transparent" : `${endingsGiven as string}`;
  if (endings !== "transparent" && endings !== "native") {
    throw new TypeError(`Cannot make a Blob: endings is "${endings}", not "transparent" or "native"`);
  }
  const type: unknown = options?.type;
  return { endings, type: type === undefined ? "" : normalizeType(type) };
}

let read: (value: unknown) => Uint8Array<ArrayBuffer> | undefined;
let typeOf: (blob: Blob) => string;
let adopt: (blob: Blob, bytes: Uint8Array<ArrayBuffer>, type: string) => void;

/** Bytes that never change, with a MIME type. */
export class Blob {
  #bytes: Uint8Array<ArrayBuffer>;
  #type: string;

  constructor(blobParts?: Iterable<unknown>, options?: BlobOptions) {
    // Web IDL converts arguments from left to right.
    const parts = blobParts === undefined ? [] : readParts(blobParts, "Blob", read);
    requireDictionary(options, "Blob");
    const { endings, type } = readBlobOptions(options);
    this.#type = type;
    this.#bytes = joinParts(parts, endings);
  }

  get size(): number {
    return typedLength(this.#bytes);
  }

  get type(): string {
    return this.#type;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return typedBuffer(bytesCopy(this.#bytes)) as ArrayBuffer;
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return bytesCopy(this.#bytes);
  }

  async text(): Promise<string> {
    return decodeText(this.#bytes);
  }

  slice(start?: number, end?: number, contentType?: string): Blob {
    const bytes = this.#bytes;
    const sizeBytes = typedLength(bytes);
    const from = clampIndex(start, sizeBytes, 0);
    const to = mathMax(clampIndex(end, sizeBytes, sizeBytes), from);
    const type = contentType === undefined ? "" : normalizeType(contentType);
    // Blobs never change, so a slice shares its memory.
    return blobOf(
      new Bytes(typedBuffer(bytes) as ArrayBuffer, typedByteOffset(bytes) + from, to - from),
      type,
    );
  }

  stream(): ByteStream {
    const bytes = this.#bytes;
    return bytesStream(() => bytes);
  }

  static {
    read = (value) =>
      typeof value === "object" && value !== null && #bytes in value ? (value as Blob).#bytes : undefined;
    typeOf = (blob) => blob.#type;
    adopt = (blob, bytes, type) => {
      blob.#bytes = bytes;
      blob.#type = type;
    };
  }
}
shapeInterface(Blob, "Blob");

/** The memory of a blob, not a copy, which the caller never writes to; undefined if it is none. */
export function blobBytes(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  return read(value);
}

/** The type of a blob, whatever became of its getter. */
export function blobType(blob: Blob): string {
  return typeOf(blob);
}

/** Whether the value is a Blob or File, by its brand. */
export function isBlob(value: unknown): value is Blob {
  return read(value) !== undefined;
}

/** A blob on memory that nobody writes to from now on. */
export function blobOf(bytes: Uint8Array<ArrayBuffer>, type: string): Blob {
  const blob = new Blob();
  adopt(blob, bytes, type);
  return blob;
}

/** Gives a blob that was just made its memory, for files. */
export function adoptBytes(blob: Blob, bytes: Uint8Array<ArrayBuffer>, type: string): void {
  adopt(blob, bytes, type);
}
