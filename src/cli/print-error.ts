import { styleText } from "node:util";
import { SkerryError } from "../errors/skerry-error.ts";

/** Prints what went wrong to standard error: the message of a known error, else everything there is. */
export function printError(error: unknown): void {
  const label = styleText("red", "error", { stream: process.stderr });
  if (error instanceof SkerryError) {
    const [first = "", ...more] = error.message.split("\n");
    const rest = more.map((line) => `\n       ${line}`).join("");
    process.stderr.write(`${label}: ${first}${rest}\n`);
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${label}: a fault of Skerry itself: ${text}\n`);
}
