import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import ivm from "isolated-vm";
import type { RewriterModule } from "./ask/ask-door.ts";
import { capWasm } from "../limits/cap-wasm.ts";
import { holdWasmCopy } from "./wasm-copies.ts";

const BINARY = "html-rewriter-wasm/dist/html_rewriter_bg.wasm";
/** Memory, in MB, that one instance may have: more than any sane document needs, less than an isolate has. */
const INSTANCE_MB = 64;

/** The types that Node declares for `WebAssembly` come with the DOM's, which the host does not have. */
declare const WebAssembly: { Module: new (bytes: Uint8Array) => object };

/** The compiled binary, shared by all isolates of the process: its machine code exists once. */
let copy: ivm.ExternalCopy<object> | null | undefined;

function prepare(): void {
  if (copy !== undefined) return;
  try {
    const bytes = readFileSync(createRequire(import.meta.url).resolve(BINARY));
    const capped = capWasm(bytes, INSTANCE_MB);
    copy = capped.ok ? new ivm.ExternalCopy(new WebAssembly.Module(capped.bytes)) : null;
  } catch {
    copy = null;
  }
  if (copy !== null) holdWasmCopy(copy);
}

/** The HTML rewriter's module: compiled when it is first asked for, in some milliseconds. Never throws. */
export const rewriterModule: RewriterModule = {
  prepare,
  /** The module in the form in which isolated-vm hands it over; null if there is none. */
  take(): ivm.Copy<object> | null {
    prepare();
    return copy?.copyInto() ?? null;
  },
};
