import type { UploadModule } from "../../src/index.ts";
import type { RuleType } from "../config/readers/read-bundling.ts";

const TYPES: Readonly<Record<RuleType, UploadModule["type"]>> = {
  ESModule: "esm",
  CommonJS: "cjs",
  CompiledWasm: "wasm",
  Text: "text",
  Data: "data",
};

/** A file as a module, by the rule that it follows. */
export function moduleOf(name: string, rule: RuleType, bytes: Buffer): UploadModule {
  const type = TYPES[rule];
  const isBinary = type === "data" || type === "wasm";
  return { name, type, content: isBinary ? Uint8Array.from(bytes) : bytes.toString("utf8") };
}
