import { ERROR_CHARS } from "../../runtime-api/contract/bounds.ts";
import type { ErrorText } from "../cell/cell.ts";
import { IMAGE_SCRIPT_NAME } from "../cell/version-code.ts";

/**
 * The text of an error that isolated-vm rejected with. What it copied are strings; everything from its
 * boundary on is frames of the host, which nobody outside may see.
 */
export function errorText(thrown: unknown): ErrorText {
  if (!(thrown instanceof Error)) {
    const message = typeof thrown === "object" && thrown !== null ? "an object was thrown" : String(thrown);
    return { name: "Error", message: cut(message), stack: "" };
  }
  const name = typeof thrown.name === "string" ? thrown.name.slice(0, 200) : "Error";
  const message = typeof thrown.message === "string" ? cut(thrown.message) : "";
  return { name, message, stack: typeof thrown.stack === "string" ? isolateFrames(thrown.stack) : "" };
}

function isolateFrames(stack: string): string {
  const boundary = stack.indexOf("(<isolated-vm boundary>)");
  if (boundary < 0) return "";
  const lines = stack.slice(0, stack.lastIndexOf("\n", boundary)).split("\n");
  return cut(lines.filter((line, at) => at === 0 || !line.includes(IMAGE_SCRIPT_NAME)).join("\n"));
}

function cut(text: string): string {
  return text.length > ERROR_CHARS ? `${text.slice(0, ERROR_CHARS - 1)}…` : text;
}
