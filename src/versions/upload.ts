import type { Limits } from "../limits/limits.ts";

/**
 * Kinds of modules. `esm`, `cjs` and `script` are code, the others are values that code imports;
 * `script` is the main module of a worker in service-worker format.
 */
export const MODULE_TYPES = ["esm", "cjs", "script", "text", "json", "data", "wasm"] as const;
export type ModuleType = (typeof MODULE_TYPES)[number];

export interface UploadModule {
  /** Path within the upload, with `/`; a leading `./` means nothing. */
  readonly name: string;
  readonly type: ModuleType;
  /** Bytes of code, text and JSON are UTF-8; `data` and `wasm` want bytes. */
  readonly content: string | Uint8Array;
}

/** What a tenant deploys: modules, and which of them has the handlers. */
export interface WorkerUpload {
  readonly modules: readonly UploadModule[];
  /** Name of the module that has the handlers. */
  readonly main: string;
  /** Source map (version 3, as JSON text) by module name, or by module name and `.map`. */
  readonly sourceMaps?: Readonly<Record<string, string>>;
}

/** The limits that an upload is checked against. */
export type UploadLimits = Pick<Limits, "scriptBytes" | "memoryMb">;

/** Most modules that one upload may have. */
export const MAX_MODULES: number = 5_000;
/** Longest name of a module, in UTF-16 units. */
export const MAX_NAME_CHARS: number = 512;
/** Source maps above this length, in UTF-16 units, are ignored; so are all beyond this sum. */
export const MAX_SOURCE_MAP_CHARS: number = 32 * 1024 * 1024;
