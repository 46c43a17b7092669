export const ErrorOf = Error;
export const TypeErrorOf = TypeError;
export const RangeErrorOf = RangeError;
export const SyntaxErrorOf = SyntaxError;
export const ReferenceErrorOf = ReferenceError;
export const EvalErrorOf = EvalError;
export const URIErrorOf = URIError;
/** Writes `stack` on an object, as V8 does for errors. */
export const captureStackTrace: (target: object, above?: Function) => void = Error.captureStackTrace;
/** Whether the value is a native error object (of any realm), by its brand. */
export const isError: (value: unknown) => value is Error =
  (Error as unknown as { isError?: (value: unknown) => value is Error }).isError ??
  ((value): value is Error => value instanceof ErrorOf);
