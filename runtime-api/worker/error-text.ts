import { ERROR_CHARS } from "../contract/bounds.ts";
import { IMAGE_NAME } from "../contract/bundle.ts";
import { DOMException, isDOMException } from "../dom-exception/dom-exception.ts";
import { ErrorOf, isError } from "../primordials/errors.ts";
import { objectGetOwnPropertyDescriptor, objectGetPrototypeOf, reflectApply } from "../primordials/object.ts";
import { StringOf, stringIncludes, stringSlice, stringSplit } from "../primordials/string.ts";
import { symbolToString } from "../primordials/values.ts";

/** An error as text: all that may leave the isolate of it. */
export interface ErrorText {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

const NAME_CHARS = 200;
/** How far up a prototype chain a name is looked for. */
const DEPTH = 8;

/** V8's own accessor behind `stack`; undefined where it is a data property. */
const nativeStack = objectGetOwnPropertyDescriptor(new ErrorOf(), "stack")?.get;

const domName = getter("name");
const domMessage = getter("message");

function getter(key: "name" | "message"): () => string {
  return objectGetOwnPropertyDescriptor(DOMException.prototype, key)?.get as () => string;
}

/**
 * Turns anything that was thrown into text. Reads data properties only, so no getter of the worker
 * runs; the traps of a Proxy in a prototype chain may, inside the slice, where their time is the event's
 * own. Never throws.
 */
export function errorText(thrown: unknown): ErrorText {
  try {
    if (typeof thrown === "object" && thrown !== null) {
      if (isDOMException(thrown)) {
        const name = cut(reflectApply(domName, thrown, []) as string, NAME_CHARS);
        return {
          name,
          message: cut(reflectApply(domMessage, thrown, []) as string, ERROR_CHARS),
          stack: stackOf(thrown),
        };
      }
      if (isError(thrown))
        return { name: nameOf(thrown), message: dataText(thrown, "message"), stack: stackOf(thrown) };
      // Not an error by its brand, so maybe a Proxy: nothing of it is looked at.
      return { name: "", message: "[object Object]", stack: "" };
    }
    if (typeof thrown === "symbol") return { name: "", message: symbolToString(thrown), stack: "" };
    if (typeof thrown === "function") return { name: "", message: "[object Function]", stack: "" };
    return { name: "", message: cut(StringOf(thrown), ERROR_CHARS), stack: "" };
  } catch {
    return { name: "Error", message: "an error whose text cannot be read", stack: "" };
  }
}

/** The error as one text for a log line: its stack if it has one, else name and message. */
export function errorLine(error: ErrorText): string {
  if (error.stack !== "") return error.stack;
  return error.name === "" ? error.message : `${error.name}: ${error.message}`;
}

function nameOf(error: object): string {
  let holder: object | null = error;
  for (let i = 0; i < DEPTH && holder !== null; i++) {
    const found = objectGetOwnPropertyDescriptor(holder, "name");
    if (found !== undefined) return typeof found.value === "string" ? cut(found.value, NAME_CHARS) : "Error";
    holder = objectGetPrototypeOf(holder) as object | null;
  }
  return "Error";
}

function dataText(error: object, key: string): string {
  const value: unknown = objectGetOwnPropertyDescriptor(error, key)?.value;
  return typeof value === "string" ? cut(value, ERROR_CHARS) : "";
}

function stackOf(error: object): string {
  const found = objectGetOwnPropertyDescriptor(error, "stack");
  if (found === undefined) return "";
  const value: unknown =
    nativeStack !== undefined && found.get === nativeStack
      ? reflectApply(nativeStack, error, [])
      : found.value;
  return typeof value === "string" ? tenantFrames(cut(value, ERROR_CHARS)) : "";
}

/** Leaves out the frames of the runtime itself, and isolated-vm's marks. */
function tenantFrames(stack: string): string {
  const lines = stringSplit(stack, "\n");
  let text = lines[0] ?? "";
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (stringIncludes(line, IMAGE_NAME) || stringIncludes(line, "<isolated-vm")) continue;
    text += `\n${line}`;
  }
  return text;
}

function cut(text: string, chars: number): string {
  return text.length > chars ? `${stringSlice(text, 0, chars - 1)}…` : text;
}
