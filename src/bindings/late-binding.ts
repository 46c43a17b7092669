import type { Binding } from "./binding.ts";

/**
 * A binding that is made when it is first asked: a version that is refused has made nothing. Where it cannot be made, the
 * call says why; how a call counts is asked in the middle of a turn, where nobody would catch a throw.
 */
export function lateBinding(make: () => Binding): Binding {
  let made: Binding | undefined;
  const binding = (): Binding => (made ??= make());
  const asked = <T>(ask: (binding: Binding) => T | undefined): T | undefined => {
    try {
      return ask(binding());
    } catch {
      return undefined;
    }
  };
  return {
    call: async (op, args, context) => await binding().call(op, args, context),
    isSubrequest: (op) => asked((it) => it.isSubrequest?.(op)) ?? true,
    writes: (op, args) => asked((it) => it.writes?.(op, args)) ?? true,
  };
}
