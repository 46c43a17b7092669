import type { Site } from "../assets/site.ts";
import type { Binding } from "../bindings/binding.ts";
import type { ErrorText } from "../cell/cell.ts";
import type { VersionCode } from "../cell/version-code.ts";
import type { Isolation } from "../limits/isolation.ts";
import type { Limits } from "../limits/limits.ts";

/** A version as the request path sees it: immutable, and light until its code is asked for. */
export interface Version {
  readonly account: string;
  readonly worker: string;
  readonly id: string;
  readonly limits: Limits;
  /** Whether it has code, or only static assets. */
  readonly hasCode: boolean;
  /** What answers from its static assets; null where it has none. */
  readonly assets: Site | null;
  /** With whom it shares a process. */
  readonly isolation: Isolation;
  /** JSON of `LoadConfig`. */
  readonly configJson: string;
  /** Bindings by slot; slot 0 is the runtime's own (outbound fetch). */
  readonly bindings: readonly Binding[];
  /** Reads the code, with its code cache where one is kept. */
  code(): Promise<VersionCode>;
  /** Keeps a code cache that a cell made from an isolate which served requests. */
  keepCodeCache(bytes: Uint8Array): Promise<void>;
  /** Rewrites positions to the worker's own files and drops frames that are not the worker's. */
  mapError(error: ErrorText): Promise<ErrorText>;
  /** The same for a log line, which may hold stacks. Never throws. */
  mapText(text: string): string;
}
