import type ivm from "isolated-vm";

/**
 * Copies that hold WebAssembly. A process that ends with one of them alive hangs for ever in its last steps,
 * so they are let go even if nobody closes the cell.
 */
const alive = new Set<ivm.ExternalCopy>();
process.on("exit", () => {
  for (const copy of alive) copy.release();
});

/** Remembers a copy that holds WebAssembly until it is released. */
export function holdWasmCopy(copy: ivm.ExternalCopy): void {
  alive.add(copy);
}

/** Releases a copy, whether it holds WebAssembly or not. */
export function releaseCopy(copy: ivm.ExternalCopy): void {
  alive.delete(copy);
  copy.release();
}
