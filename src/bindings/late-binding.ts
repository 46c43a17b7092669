import type { Binding } from "./binding.ts";

/** A binding that is made when it is first asked: a version that is refused has made nothing. */
export function lateBinding(make: () => Binding): Binding {
  let made: Binding | undefined;
  const binding = (): Binding => (made ??= make());
  return {
    call: async (op, args, context) => await binding().call(op, args, context),
    isSubrequest: (op) => binding().isSubrequest?.(op) ?? true,
    writes: (op, args) => binding().writes?.(op, args) ?? true,
  };
}
