/** File name under which a version's script is compiled: the tenant's frames in a stack. */
export const VERSION_SCRIPT_NAME = "skerry:worker";
/** File name under which the image's script is compiled: frames that no tenant shall see. */
export const IMAGE_SCRIPT_NAME = "skerry:runtime";

/** The code of one version in the form in which cells take it. Plain data, safe to send over a pipe. */
export interface VersionCode {
  /** One classic script; its completion value is an array of module definitions (`boot.ts`). */
  readonly script: string;
  /** V8's code cache for `script`, made by this host on this V8; undefined where none is kept yet. */
  readonly codeCache: Uint8Array | undefined;
  /** Modules that are not code. `wasm` holds the binary; the cell compiles it once. */
  readonly values: readonly VersionValue[];
}

export type VersionValue =
  | { readonly name: string; readonly kind: "text" | "json"; readonly value: string }
  | { readonly name: string; readonly kind: "data" | "wasm"; readonly value: Uint8Array };
