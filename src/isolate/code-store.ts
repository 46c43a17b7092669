import ivm from "isolated-vm";
import type { VersionCode } from "../cell/version-code.ts";
import { exactBytes } from "../cell/protocol/flat-reader.ts";
import { StoredValues } from "./stored-values.ts";

/** The code of a version in the form in which isolates take it. */
export interface StoredCode {
  readonly script: string;
  readonly codeCache: ivm.ExternalCopy<ArrayBuffer> | undefined;
  readonly values: StoredValues;
}

/** The versions that a cell knows. */
export class CodeStore {
  readonly #codes = new Map<string, StoredCode>();
  readonly #ownsCaches: boolean;

  /** @param ownsCaches whether nobody else has the code caches that are put: they need not be copied then */
  constructor(ownsCaches = false) {
    this.#ownsCaches = ownsCaches;
  }

  put(versionKey: string, code: VersionCode): void {
    // Newer code of the same version differs in its code cache only.
    const values = this.#codes.get(versionKey)?.values ?? new StoredValues(code.values);
    const cache = code.codeCache;
    const codeCache =
      cache === undefined
        ? undefined
        : new ivm.ExternalCopy(exactBytes(cache).buffer as ArrayBuffer, { transferOut: this.#ownsCaches });
    this.#codes.set(versionKey, { script: code.script, codeCache, values });
  }

  get(versionKey: string): StoredCode | undefined {
    return this.#codes.get(versionKey);
  }

  drop(versionKey: string): void {
    this.#codes.get(versionKey)?.values.release();
    this.#codes.delete(versionKey);
  }

  /** Drops everything. */
  clear(): void {
    for (const versionKey of this.#codes.keys()) this.drop(versionKey);
  }
}
