import { createHash } from "node:crypto";
import type { TransformedVersion } from "./transformed-version.ts";

/** SHA-256, in hex, of all that decides what a version does; lengths keep the parts apart. */
export function versionHash({
  code,
  main,
  format,
}: Pick<TransformedVersion, "code" | "main" | "format">): string {
  const hash = createHash("sha256");
  for (const part of [
    format,
    main,
    code.script,
    ...code.values.flatMap(({ name, kind, value }) => [name, kind, value]),
  ]) {
    hash.update(`${typeof part === "string" ? Buffer.byteLength(part) : part.length}:`).update(part);
  }
  return hash.digest("hex");
}
