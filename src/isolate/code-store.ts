import ivm from "isolated-vm";
import type { VersionCode } from "../cell/version-code.ts";
import { exactBytes } from "../cell/protocol/flat-reader.ts";

/** The part of the global that is used here; its types come with the DOM's only. */
interface WebAssemblyCompiler {
  compile(bytes: Uint8Array): Promise<object>;
}

/** The code of a version in the form in which isolates take it. */
export interface StoredCode {
  readonly script: string;
  readonly codeCache: ivm.ExternalCopy<ArrayBuffer> | undefined;
  /** `name, kind, value, …`; one copy for all isolates. WebAssembly is compiled once. */
  readonly values: Promise<ivm.ExternalCopy<unknown[]>>;
}

/** The versions that a cell knows. */
export class CodeStore {
  readonly #codes = new Map<string, StoredCode>();

  put(versionKey: string, code: VersionCode): void {
    // Newer code of the same version differs in its code cache only.
    const values = this.#codes.get(versionKey)?.values ?? storeValues(code);
    values.catch(() => {});
    const cache = code.codeCache;
    const codeCache = cache === undefined ? undefined : new ivm.ExternalCopy(exactBytes(cache).buffer as ArrayBuffer);
    this.#codes.set(versionKey, { script: code.script, codeCache, values });
  }

  get(versionKey: string): StoredCode | undefined {
    return this.#codes.get(versionKey);
  }

  drop(versionKey: string): void {
    this.#codes.delete(versionKey);
  }
}

async function storeValues(code: VersionCode): Promise<ivm.ExternalCopy<unknown[]>> {
  const flat: unknown[] = [];
  const { WebAssembly: compiler } = globalThis as unknown as { readonly WebAssembly: WebAssemblyCompiler };
  for (const { name, kind, value } of code.values) {
    if (kind === "wasm") flat.push(name, kind, await compiler.compile(exactBytes(value as Uint8Array)));
    else flat.push(name, kind, typeof value === "string" ? value : exactBytes(value));
  }
  return new ivm.ExternalCopy(flat);
}
