import { uncurry } from "./uncurry.ts";

export const RegExpOf = RegExp;
/** V8's own `exec`: no `exec` of the expression is looked for. */
export const regexpExec = uncurry(RegExp.prototype.exec) as (
  self: RegExp,
  text: string,
) => RegExpExecArray | null;
