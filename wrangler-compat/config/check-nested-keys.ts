import { name } from "../../src/config/document/config-reader.ts";
import { asksForSomething } from "./check-keys.ts";
import type { ConfigScope } from "./config-scope.ts";
import { NESTED_KEYS } from "./keys/nested-keys.ts";

/** Warns of keys inside others that change nothing. Those that are refused are so where they are read. */
export function checkNestedKeys(scope: ConfigScope): void {
  for (const { path: pattern, state, note } of NESTED_KEYS) {
    if (state !== "ignored") continue;
    const [key = "", ...steps] = pattern.replaceAll("[]", ".[]").split(".");
    const { path, value } = scope.of(key);
    for (const found of placesOf(steps, [...path, key], value[key]))
      scope.warn(found, `${name(found)} is ignored: ${note}`);
  }
}

type Path = readonly (string | number)[];

/** Where in a value something stands that asks for something. */
function placesOf([step, ...rest]: readonly string[], path: Path, value: unknown): Path[] {
  if (step === undefined) return asksForSomething(value) ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  if (step === "[]")
    return Array.isArray(value)
      ? value.flatMap((element: unknown, index) => placesOf(rest, [...path, index], element))
      : [];
  return Object.hasOwn(value, step)
    ? placesOf(rest, [...path, step], (value as Readonly<Record<string, unknown>>)[step])
    : [];
}
