import { hash as digest } from "node:crypto";
import { contentName } from "./piece-name.ts";
import type { AssetConfig } from "./worker-assets.ts";

/** Bytes of one entry: the digest of a path, the content's hash, its size, which type it has. */
export const ENTRY_BYTES = 40;
const HASH_BYTES = 16;
/** What a manifest begins with: a mark with the number of the format, and the length of the facts. */
export const MARK = 0x53_41_4d_01;
export const HEAD_BYTES = 8;

/** What a manifest says beside its entries, as JSON. */
export interface ManifestFacts {
  readonly config: AssetConfig;
  readonly types: readonly (string | null)[];
}

/** A file of a version. */
export interface FoundAsset {
  readonly hash: string;
  readonly sizeBytes: number;
  readonly contentType: string | null;
}

/**
 * Which files a version has: a table sorted by the digests of their paths, which is looked up as it was read from the
 * disk, so that a hundred thousand files cost 4 MB and no time to load.
 */
export class Manifest {
  readonly facts: ManifestFacts;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #count: number;

  /** @throws Error if it is not a whole manifest */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEAD_BYTES || this.#bytes.readUInt32BE(0) !== MARK)
      throw new Error("the list of a version's assets is damaged");
    this.#start = HEAD_BYTES + this.#bytes.readUInt32BE(4);
    this.#count = (bytes.length - this.#start) / ENTRY_BYTES;
    if (!Number.isInteger(this.#count) || this.#count < 0)
      throw new Error("the list of a version's assets is damaged");
    this.facts = JSON.parse(this.#bytes.toString("utf8", HEAD_BYTES, this.#start)) as ManifestFacts;
  }

  get fileCount(): number {
    return this.#count;
  }

  /** Of all files together. */
  get totalBytes(): number {
    let sum = 0;
    for (let i = 0; i < this.#count; i++)
      sum += this.#bytes.readUInt32BE(this.#start + i * ENTRY_BYTES + 2 * HASH_BYTES);
    return sum;
  }

  /** The bytes of all entries. */
  get table(): Uint8Array {
    return this.#bytes.subarray(this.#start);
  }

  /** The file at a path, or null. */
  find(path: string): FoundAsset | null {
    const wanted = pathDigest(path);
    let low = 0;
    let high = this.#count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const at = this.#start + middle * ENTRY_BYTES;
      const order = this.#bytes.compare(wanted, 0, HASH_BYTES, at, at + HASH_BYTES);
      if (order === 0) return this.#entry(at);
      if (order > 0) high = middle - 1;
      else low = middle + 1;
    }
    return null;
  }

  /** Names of the contents of entries from `first` to before `end`. */
  *contents(first: number, end: number): Generator<string> {
    for (let i = first; i < Math.min(end, this.#count); i++) {
      const { hash, sizeBytes } = this.#entry(this.#start + i * ENTRY_BYTES);
      yield contentName(hash, sizeBytes);
    }
  }

  #entry(at: number): FoundAsset {
    return {
      hash: this.#bytes.toString("hex", at + HASH_BYTES, at + 2 * HASH_BYTES),
      sizeBytes: this.#bytes.readUInt32BE(at + 2 * HASH_BYTES),
      contentType: this.facts.types[this.#bytes.readUInt32BE(at + 2 * HASH_BYTES + 4)] ?? null,
    };
  }
}

/** What stands for a path in a manifest. */
export function pathDigest(path: string): Uint8Array {
  return digest("sha256", path, "buffer").subarray(0, HASH_BYTES);
}
