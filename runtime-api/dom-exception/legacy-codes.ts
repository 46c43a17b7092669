import { dataDescriptor, objectDefineProperty, objectHasOwn } from "../primordials/object.ts";

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

/** The code of an exception's name; 0 for names that came after codes. */
export function legacyCode(name: string): number {
  return objectHasOwn(CODES, name) ? (CODES[name] as readonly [number, string])[0] : 0;
}

/** Defines the constants on the class and on its prototype, in the order of Web IDL, which is that of the codes. */
export function defineLegacyConstants(target: Function): void {
  let unused = 0;
  for (const name in CODES) {
    const { 0: code, 1: constant } = CODES[name] as readonly [number, string];
    for (; unused < UNUSED_CODES.length; unused++) {
      const { 0: unusedCode, 1: unusedConstant } = UNUSED_CODES[unused] as (typeof UNUSED_CODES)[number];
      if (unusedCode > code) break;
      defineConstant(target, unusedConstant, unusedCode);
    }
    defineConstant(target, constant, code);
  }
}

function defineConstant(target: Function, name: string, value: number): void {
  const descriptor = dataDescriptor(value, true, false, false);
  objectDefineProperty(target, name, descriptor);
  objectDefineProperty(target.prototype as object, name, descriptor);
}
