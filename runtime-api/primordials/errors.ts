export const ErrorOf = Error;
export const TypeErrorOf = TypeError;
export const RangeErrorOf = RangeError;
export const SyntaxErrorOf = SyntaxError;
export const ReferenceErrorOf = ReferenceError;
export const EvalErrorOf = EvalError;
export const URIErrorOf = URIError;
/** The classes of native errors but `Error` itself, by their names. */
export const nativeErrors = {
  __proto__: null,
  EvalError: EvalErrorOf,
  RangeError: RangeErrorOf,
  ReferenceError: ReferenceErrorOf,
  SyntaxError: SyntaxErrorOf,
  TypeError: TypeErrorOf,
  URIError: URIErrorOf,
} as unknown as Readonly<Record<string, ErrorConstructor | undefined>>;
/** Writes `stack` on an object, as V8 does for errors. */
export const captureStackTrace: (target: object, above?: Function) => void = Error.captureStackTrace;
/** Whether the value is a native error object (of any realm), by its brand. */
export const isError: (value: unknown) => value is Error =
  (Error as unknown as { isError?: (value: unknown) => value is Error }).isError ??
  ((value): value is Error => value instanceof ErrorOf);
