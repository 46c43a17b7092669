import type { VersionValue } from "../cell/version-code.ts";

/** `modules` exports its handlers; `service-worker` calls `addEventListener`. */
export type WorkerFormat = "modules" | "service-worker";

/** A checked and transformed upload: all that is kept of it. Immutable plain data. */
export interface TransformedVersion {
  readonly code: {
    /** One classic script; its completion value is an array of module definitions. */
    readonly script: string;
    /** Modules that are not code. */
    readonly values: readonly VersionValue[];
  };
  /** How places in the script lead back to the upload: read by `unpackPositions` where an error has to be shown. */
  readonly positions: Uint8Array;
  /** Canonical name of the module that has the handlers. */
  readonly main: string;
  readonly format: WorkerFormat;
  /** Size of the upload's modules together, without source maps. */
  readonly sizeBytes: number;
  /** SHA-256 of `code`, `main` and `format`, in hex: the same code has the same hash. */
  readonly hash: string;
}
