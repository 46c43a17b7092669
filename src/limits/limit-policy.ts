import type { Isolation } from "./isolation.ts";
import type { Limits } from "./limits.ts";

/** Limits of an account's workers, from the host's and the account's settings. */
export interface LimitPolicy {
  readonly layers: readonly Partial<Limits>[];
  readonly ceilings: Partial<Limits>;
  /** The laxest isolation that its workers may have. */
  readonly isolation: Isolation;
  /** Hosts that routes of its workers may be on; undefined allows any. */
  readonly hosts?: readonly string[];
}
