import { ErrorEvent } from "../events/error-event.ts";
import { dispatch } from "../events/event-target.ts";
import { captureStackTrace, ErrorOf } from "../primordials/errors.ts";
import { stringIndexOf, stringLastIndexOf, stringSlice } from "../primordials/string.ts";
import { type ErrorText, errorText } from "./error-text.ts";

/** An error that is being told to the listeners right now: one of their own goes to the log at once. */
let telling = false;

/**
 * Tells the global scope's listeners of an error that nobody caught. HTML, "report an exception".
 * @returns whether one of them cancelled the event, so that the error counts as handled
 */
export function tellOfError(thrown: unknown): boolean {
  if (telling) return false;
  telling = true;
  try {
    const text = errorText(thrown);
    const { filename, lineno, colno } = position(text.stack === "" ? errorText(here()) : text);
    const message = text.name === "" ? text.message : `${text.name}: ${text.message}`;
    const init = {
      __proto__: null,
      cancelable: true,
      message: `Uncaught ${message}`,
      filename,
      lineno,
      colno,
    };
    return !dispatch(globalThis, new ErrorEvent("error", { ...init, error: thrown }));
  } finally {
    telling = false;
  }
}

/** An error with the stack of now, for values that have none. */
function here(): Error {
  const error = new ErrorOf();
  captureStackTrace(error);
  return error;
}

interface Position {
  readonly filename: string;
  readonly lineno: number;
  readonly colno: number;
}

/** Where the first frame of a stack is: `at name (file:line:column)` or `at file:line:column`. */
function position({ stack }: ErrorText): Position {
  const start = stringIndexOf(stack, "\n    at ");
  if (start < 0) return { filename: "", lineno: 0, colno: 0 };
  const from = start + 8;
  const end = stringIndexOf(stack, "\n", from);
  let frame = stringSlice(stack, from, end < 0 ? stack.length : end);
  const open = stringLastIndexOf(frame, "(");
  if (open >= 0) frame = stringSlice(frame, open + 1, frame.length - 1);
  const column = stringLastIndexOf(frame, ":");
  const line = column < 0 ? -1 : stringLastIndexOf(frame, ":", column - 1);
  if (line < 0) return { filename: frame, lineno: 0, colno: 0 };
  return {
    filename: stringSlice(frame, 0, line),
    lineno: +stringSlice(frame, line + 1, column) || 0,
    colno: +stringSlice(frame, column + 1) || 0,
  };
}
