import { TypeErrorOf } from "../primordials/errors.ts";

/** Throws what Web IDL wants of a call with too few arguments. `where` is `'method' on 'Interface'`, or a function. */
export function requireArguments(where: string, given: number, needed: number): void {
  if (given >= needed) return;
  throw new TypeErrorOf(
    `Failed to execute ${where}: ${needed} argument${needed === 1 ? "" : "s"} required, but only ${given} present.`,
  );
}

/** The same for a constructor. */
export function requireConstructorArguments(name: string, given: number, needed: number): void {
  if (given >= needed) return;
  throw new TypeErrorOf(
    `Failed to construct '${name}': ${needed} argument${needed === 1 ? "" : "s"} required, but only ${given} present.`,
  );
}

/** Whether a value is an object to Web IDL: functions are. */
export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/**
 * Converts to a Web IDL dictionary as far as the value itself goes: nothing is an empty one, and anything that
 * is no object is refused. Its members are the caller's to read and convert.
 */
export function dictionary<T extends object>(value: T | null | undefined, what: string): Partial<T> {
  if (value === undefined || value === null) return EMPTY as Partial<T>;
  if (!isObject(value)) throw new TypeErrorOf(`${what} is not an object.`);
  return value;
}

const EMPTY: object = { __proto__: null };
