import { defineBuiltin } from "../globals/wrap.ts";
import { RangeErrorOf } from "../primordials/errors.ts";
import { objectGetOwnPropertyDescriptor } from "../primordials/object.ts";
import { uncurry } from "../primordials/uncurry.ts";
import { bufferOf, countWasmMemory, requireWasmMemory } from "./budget.ts";
import { boundConstructor } from "./limits.ts";
import { replaceModuleAndInstance } from "./module-instance.ts";
import { replaceFunctions } from "./namespace.ts";
import { boundPromising } from "./promising.ts";
import { nativeWasm, wasmSettings } from "./native.ts";

const PAGE_BYTES = 65_536;
const MB = 1024 * 1024;
/** Entries of one table. */
const TABLE_ENTRIES = 1_000_000;

/**
 * Makes of V8's WebAssembly what a worker may have, and defines it: memories and tables stay within the isolate's
 * memory, which V8 does not see to, and bytes are compiled only where the operator allows it.
 */
export function exposeWebAssembly(target: object): void {
  const lengthOf = uncurry(
    objectGetOwnPropertyDescriptor(nativeWasm.Table.prototype as object, "length")?.get as () => number,
  );
  replaceModuleAndInstance();
  replaceFunctions();
  boundPromising();
  boundConstructor(nativeWasm, {
    name: "Memory",
    most: () => (wasmSettings.memoryMb * MB) / PAGE_BYTES,
    nativeMost: PAGE_BYTES,
    require: (pages) => requireWasmMemory(pages * PAGE_BYTES),
    brand: (self) => bufferOf(self),
    made: countWasmMemory,
  });
  boundConstructor(nativeWasm, {
    name: "Table",
    most: () => TABLE_ENTRIES,
    nativeMost: 2 ** 32 - 1,
    require(entries, table) {
      if (entries + (table === undefined ? 0 : lengthOf(table)) > TABLE_ENTRIES)
        throw new RangeErrorOf(`WebAssembly.Table: a table has at most ${TABLE_ENTRIES} entries`);
    },
    brand: (self) => lengthOf(self),
    made() {},
  });
  // Its buffer could grow, which V8 does not count.
  delete (nativeWasm.Memory.prototype as { toResizableBuffer?: unknown }).toResizableBuffer;
  defineBuiltin(target, "WebAssembly", nativeWasm);
}
