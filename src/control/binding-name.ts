const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]{0,127}$/;
const RESERVED: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Whether something may stand on `env` under a name. */
export function isBindingName(name: unknown): name is string {
  return typeof name === "string" && IDENTIFIER.test(name) && !RESERVED.has(name);
}
