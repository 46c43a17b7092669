import { URLPattern } from "urlpattern-polyfill/urlpattern";
import { defineInterface } from "../globals/define.ts";

/** Defines the global of the URL Pattern standard. */
export function exposeUrlPattern(global: object): void {
  defineInterface(global, "URLPattern", URLPattern);
}
