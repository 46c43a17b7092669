/**
 * A check for `assert.throws`: the error is one of this class. The class itself is none: uvu calls it as it calls any
 * function, and what `TypeError(error)` gives is true whatever was thrown.
 *
 * @example assert.throws(() => new URL("odd"), ofKind(TypeError));
 */
export function ofKind(kind: new (...args: never[]) => Error): (error: unknown) => boolean {
  return (error) => error instanceof kind;
}
