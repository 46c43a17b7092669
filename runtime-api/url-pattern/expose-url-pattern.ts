import { defineInterface } from "../globals/define.ts";
import { URLPattern } from "./url-pattern.ts";

/** Defines the global of the URL Pattern standard. */
export function exposeUrlPattern(global: object): void {
  defineInterface(global, "URLPattern", URLPattern);
}
