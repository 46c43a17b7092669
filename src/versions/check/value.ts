import type { VersionValue } from "../../cell/version-code.ts";
import { capWasm } from "../../limits/cap-wasm.ts";
import type { ModuleType, UploadLimits } from "../upload.ts";
import type { Problem } from "../upload-refused.ts";
import { moduleText } from "./module-text.ts";

/** Checks a module that is not code, and gives it the form in which cells take it. */
export function readValue(
  name: string,
  type: Exclude<ModuleType, "esm" | "cjs" | "script">,
  content: string | Uint8Array,
  limits: UploadLimits,
): VersionValue | Problem {
  const refuse = (reason: string): Problem => ({ file: name, line: null, column: null, reason });
  if (type === "data") {
    return {
      name,
      kind: "data",
      value: typeof content === "string" ? new TextEncoder().encode(content) : content,
    };
  }
  if (type === "wasm") {
    if (typeof content === "string") return refuse("WebAssembly must be uploaded as bytes, not text");
    if (!isValidWasm(content)) return refuse("the file is not a valid WebAssembly module");
    const capped = capWasm(content, limits.memoryMb);
    return capped.ok ? { name, kind: "wasm", value: capped.bytes } : refuse(capped.reason);
  }
  const text = moduleText({ content });
  if (text === undefined) return refuse("the file is not valid UTF-8");
  if (type === "text") return { name, kind: "text", value: text };
  const json = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    JSON.parse(json);
    return { name, kind: "json", value: json };
  } catch (error) {
    return refuse(`the file is not valid JSON: ${error instanceof Error ? error.message : ""}`);
  }
}

/** The types that Node declares for `WebAssembly` come with the DOM's, which the host does not have. */
declare const WebAssembly: { validate(bytes: Uint8Array): boolean };

function isValidWasm(bytes: Uint8Array): boolean {
  return WebAssembly.validate(bytes);
}
