import { defineLazily } from "./globals/lazy.ts";
import type * as UrlPattern from "./url-pattern/expose-url-pattern.ts";

/*
 * The bundler turns each `require` of a file into a call that evaluates it, and whatever only it imports, when
 * it is first made; what other files import too stays shared. So this file works in the bundle only: tests
 * of a part import the part.
 */
declare function require(path: string): unknown;

/** Defines the globals that most workers never touch: their code is in the image, but does not run. */
export function exposeLazyGlobals(global: object): void {
  defineLazily(global, ["URLPattern"], (target) =>
    (require("./url-pattern/expose-url-pattern.ts") as typeof UrlPattern).exposeUrlPattern(target),
  );
}
