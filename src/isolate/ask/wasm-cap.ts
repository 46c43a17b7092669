import { WASM_BYTES } from "../../../runtime-api/contract/bounds.ts";
import { exactBytes } from "../../cell/protocol/flat-reader.ts";
import { capWasm } from "../../limits/cap-wasm.ts";

/** Answers `wasmCap`: the binary within its limits, null if it is already, or why it is refused. */
export function wasmCap(bytes: unknown, memoryMb: unknown): string | Uint8Array | null {
  if (!(bytes instanceof Uint8Array) || bytes.length > WASM_BYTES) return "the binary is too large";
  if (typeof memoryMb !== "number" || !Number.isInteger(memoryMb)) return "the isolate's memory is not known";
  const capped = capWasm(bytes, memoryMb);
  if (!capped.ok) return capped.reason;
  return capped.bytes === bytes ? null : exactBytes(capped.bytes);
}
