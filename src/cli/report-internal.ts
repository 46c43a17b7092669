import { inspect } from "node:util";
import { printableLines } from "./printable.ts";

/** Says a fault of Skerry's own on standard error. What an error quotes may be a worker's. */
export function reportInternal(error: unknown): void {
  process.stderr.write(`${internalError(inspect(error))}\n`);
}

/** The text of such a fault, for a terminal. */
export function internalError(text: string): string {
  return `skerry: internal error: ${printableLines(text, "  ")}`;
}
