import ivm from "isolated-vm";
import type { VersionValue } from "../cell/version-code.ts";
import { holdWasmCopy, releaseCopy } from "./wasm-copies.ts";
import { exactBytes } from "../cell/protocol/flat-reader.ts";

/** The part of the global that is used here; its types come with the DOM's only. */
interface WebAssemblyCompiler {
  compile(bytes: Uint8Array): Promise<object>;
}

/** The modules of a version that are not code, as one copy that all its isolates take. */
export class StoredValues {
  readonly #copy: Promise<ivm.ExternalCopy<unknown[]>>;
  #users = 1;

  constructor(values: readonly VersionValue[]) {
    this.#copy = store(values);
    this.#copy.catch(() => {});
  }

  /** The values, as `load` takes them. Only to be called by a user. @throws if WebAssembly does not compile */
  async take(): Promise<ivm.Copy<unknown[]>> {
    return (await this.#copy).copyInto();
  }

  /** One more user; ends with {@link release}. */
  use(): this {
    this.#users++;
    return this;
  }

  /** The last user gone, the memory goes too. */
  release(): void {
    if (--this.#users > 0) return;
    this.#copy.then(
      (copy) => releaseCopy(copy),
      () => {},
    );
  }
}

async function store(values: readonly VersionValue[]): Promise<ivm.ExternalCopy<unknown[]>> {
  const { WebAssembly: compiler } = globalThis as unknown as { readonly WebAssembly: WebAssemblyCompiler };
  const flat: unknown[] = [];
  for (const { name, kind, value } of values) {
    if (kind === "wasm") flat.push(name, kind, await compiler.compile(exactBytes(value)));
    else flat.push(name, kind, typeof value === "string" ? value : exactBytes(value));
  }
  const copy = new ivm.ExternalCopy(flat);
  if (values.some(({ kind }) => kind === "wasm")) holdWasmCopy(copy);
  return copy;
}
