import { styleText } from "node:util";
import { SkerryError } from "../errors/skerry-error.ts";
import { printableLines } from "./printable.ts";

/** What to do about errors that do not know the command line. */
const HINTS: Readonly<Record<string, string>> = {
  LISTEN_FAILED: "take another port with --port; 0 takes any free one",
  DATA_FOLDER_IN_USE: "stop the other one, or take another folder with --data",
};

/** Prints what went wrong to standard error: the message of a known error, else everything there is. Errors quote workers. */
export function printError(error: unknown): void {
  const label = styleText("red", "error", { stream: process.stderr });
  if (error instanceof SkerryError) {
    const hint = HINTS[error.code];
    const text = hint === undefined ? error.message : `${error.message}\n${hint}`;
    process.stderr.write(`${label}: ${printableLines(text, "       ")}\n`);
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${label}: a fault of Skerry itself: ${printableLines(text, "  ")}\n`);
}
