import { io } from "../io/io.ts";
import { stringToWellFormed } from "../primordials/string.ts";
import { mathFloor, mathTrunc, numberIsFinite } from "../primordials/values.ts";
import { shapeInterface } from "../globals/define.ts";
import { adoptBytes, Blob, blobBytes, readBlobOptions, requireDictionary } from "./blob.ts";
import { joinParts, readParts } from "./blob-parts.ts";
import type { BlobOptions } from "./blob.ts";

export interface FileOptions extends BlobOptions {
  lastModified?: number;
}

let brand: (value: unknown) => boolean;

/** A blob with a name and a time. */
export class File extends Blob {
  #name: string;
  #lastModified: number;

  constructor(fileBits: Iterable<unknown>, fileName: string, options?: FileOptions) {
    if (arguments.length < 2) {
      throw new TypeError(`Cannot make a File: 2 arguments required, ${arguments.length} given`);
    }
    // Web IDL converts arguments from left to right.
    const parts = readParts(fileBits, "File", blobBytes);
    const name = stringToWellFormed(`${fileName}`);
    requireDictionary(options, "File");
    const { endings, type } = readBlobOptions(options);
    const time: unknown = options?.lastModified;
    const number = time === undefined ? mathFloor(io.now()) : +(time as number);
    super();
    adoptBytes(this, joinParts(parts, endings), type);
    this.#name = name;
    this.#lastModified = numberIsFinite(number) ? mathTrunc(number) + 0 : 0;
  }

  get name(): string {
    return this.#name;
  }

  get lastModified(): number {
    return this.#lastModified;
  }

  static {
    brand = (value) => typeof value === "object" && value !== null && #name in value;
  }
}
shapeInterface(File, "File");

/** Whether the value is a File, by its brand. */
export function isFile(value: unknown): value is File {
  return brand(value);
}

/** A file on memory that nobody writes to from now on. */
export function fileOf(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  type: string,
  lastModified?: number,
): File {
  const file = new File([], name, lastModified === undefined ? undefined : { lastModified });
  adoptBytes(file, bytes, type);
  return file;
}
