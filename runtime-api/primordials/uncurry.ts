const { bind, call } = Function.prototype;

/**
 * Turns a method into a function that takes its `this` first, with nothing left to look up on a
 * prototype. Every file of this folder is evaluated before tenant code, so what it captures is V8's
 * own; code beside the tenant's calls these instead of methods.
 */
export const uncurry = bind.bind(call) as unknown as <F extends (this: never, ...args: never[]) => unknown>(
  method: F,
) => (self: unknown, ...args: unknown[]) => ReturnType<F>;
