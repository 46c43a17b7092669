import type { Edits } from "./edits.ts";

/** One module's entry in the version's script, still in parts. */
export interface Definition {
  readonly name: string;
  readonly kind: "esm" | "cjs" | "script";
  /** Canonical names of the requested modules, in the order of `imports`. */
  readonly requests: readonly string[];
  readonly stars: readonly number[];
  readonly isAsync: boolean;
  /**
   * Text before the body, on a line of its own.
   *
   * @param nameDefault name of a function that names another function "default"
   */
  readonly head: (nameDefault: string) => string;
  /** Whether `head` needs `nameDefault`. */
  readonly namesDefault: boolean;
  readonly edits: Edits;
  /** Every identifier's name in the module. */
  readonly names: ReadonlySet<string>;
}
