import { shapeInterface } from "../globals/define.ts";
import { captureStackTrace, ErrorOf } from "../primordials/errors.ts";
import { dataDescriptor, objectDefineProperty, objectSetPrototypeOf } from "../primordials/object.ts";
import { defineLegacyConstants, legacyCode } from "./legacy-codes.ts";

/** Puts private fields on an object that some other constructor made. */
class Stamp {
  constructor(target: object) {
    return target;
  }
}

class State extends Stamp {
  #message: string;
  #name: string;
  constructor(target: object, message: string, name: string) {
    super(target);
    this.#message = message;
    this.#name = name;
  }
  static has(value: unknown): boolean {
    return typeof value === "object" && value !== null && #name in value;
  }
  static message(value: unknown): string {
    return (value as State).#message;
  }
  static exceptionName(value: unknown): string {
    return (value as State).#name;
  }
}

/** The web's exception: a native error object, with `name`, `message` and `code` as accessors. */
export class DOMException {
  declare readonly stack: string;

  constructor(message: unknown = "", options: unknown = "Error") {
    completeDOMException();
    const text = `${message as string}`;
    let name = "Error";
    let cause: { value: unknown } | undefined;
    if (typeof options === "object" && options !== null) {
      const given = options as { name?: unknown; cause?: unknown };
      if (given.name !== undefined) name = `${given.name as string}`;
      if ("cause" in given) cause = { value: given.cause };
    } else {
      name = `${options as string}`;
    }
    const error = new ErrorOf();
    objectSetPrototypeOf(error, new.target.prototype as object);
    new State(error, text, name);
    if (cause !== undefined) objectDefineProperty(error, "cause", dataDescriptor(cause.value, false));
    // A second capture, so that the first line of the stack shows name and message.
    captureStackTrace(error, DOMException);
    return error as unknown as this;
  }

  get name(): string {
    return State.exceptionName(this);
  }
  get message(): string {
    return State.message(this);
  }
  get code(): number {
    return legacyCode(State.exceptionName(this));
  }

  static {
    objectSetPrototypeOf(this.prototype, ErrorOf.prototype);
  }
}

let isComplete = false;

/**
 * Gives the class what takes long to define: its shape and its constants. The first exception that is made
 * does so, and whoever hands out the class by another way has to.
 */
export function completeDOMException(): void {
  if (isComplete) return;
  isComplete = true;
  defineLegacyConstants(DOMException);
  shapeInterface(DOMException, "DOMException");
}

/** Whether the value is a DOMException, by its brand. */
export function isDOMException(value: unknown): value is DOMException {
  return State.has(value);
}
