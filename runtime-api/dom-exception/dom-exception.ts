import { captureStackTrace, ErrorOf } from "../primordials/errors.ts";
import {
  dataDescriptor,
  objectDefineProperty,
  objectHasOwn,
  objectSetPrototypeOf,
} from "../primordials/object.ts";

/** Names that have a legacy code, as `NAME_ERR` constants spell them. */
const CODES = {
  __proto__: null,
  IndexSizeError: [1, "INDEX_SIZE_ERR"],
  HierarchyRequestError: [3, "HIERARCHY_REQUEST_ERR"],
  WrongDocumentError: [4, "WRONG_DOCUMENT_ERR"],
  InvalidCharacterError: [5, "INVALID_CHARACTER_ERR"],
  NoModificationAllowedError: [7, "NO_MODIFICATION_ALLOWED_ERR"],
  NotFoundError: [8, "NOT_FOUND_ERR"],
  NotSupportedError: [9, "NOT_SUPPORTED_ERR"],
  InUseAttributeError: [10, "INUSE_ATTRIBUTE_ERR"],
  InvalidStateError: [11, "INVALID_STATE_ERR"],
  SyntaxError: [12, "SYNTAX_ERR"],
  InvalidModificationError: [13, "INVALID_MODIFICATION_ERR"],
  NamespaceError: [14, "NAMESPACE_ERR"],
  InvalidAccessError: [15, "INVALID_ACCESS_ERR"],
  TypeMismatchError: [17, "TYPE_MISMATCH_ERR"],
  SecurityError: [18, "SECURITY_ERR"],
  NetworkError: [19, "NETWORK_ERR"],
  AbortError: [20, "ABORT_ERR"],
  URLMismatchError: [21, "URL_MISMATCH_ERR"],
  QuotaExceededError: [22, "QUOTA_EXCEEDED_ERR"],
  TimeoutError: [23, "TIMEOUT_ERR"],
  InvalidNodeTypeError: [24, "INVALID_NODE_TYPE_ERR"],
  DataCloneError: [25, "DATA_CLONE_ERR"],
} as unknown as Record<string, readonly [code: number, constant: string]>;

/** Constants whose names have no exception any more. */
const UNUSED_CODES = [
  [2, "DOMSTRING_SIZE_ERR"],
  [6, "NO_DATA_ALLOWED_ERR"],
  [16, "VALIDATION_ERR"],
] as const;

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
    const name = State.exceptionName(this);
    return objectHasOwn(CODES, name) ? (CODES[name] as readonly [number, string])[0] : 0;
  }

  static {
    objectSetPrototypeOf(this.prototype, ErrorOf.prototype);
    for (const name in CODES) {
      const [code, constant] = CODES[name] as readonly [number, string];
      defineConstant(this, constant, code);
    }
    for (let i = 0; i < UNUSED_CODES.length; i++) {
      const [code, constant] = UNUSED_CODES[i] as readonly [number, string];
      defineConstant(this, constant, code);
    }
  }
}

function defineConstant(target: typeof DOMException, name: string, value: number): void {
  const descriptor = dataDescriptor(value, true, false, false);
  objectDefineProperty(target, name, descriptor);
  objectDefineProperty(target.prototype, name, descriptor);
}

/** Whether the value is a DOMException, by its brand. */
export function isDOMException(value: unknown): value is DOMException {
  return State.has(value);
}
