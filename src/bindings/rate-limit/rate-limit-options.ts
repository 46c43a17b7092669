/** Lengths of a window, in seconds. */
export const RATE_LIMIT_PERIODS = [10, 60] as const;

/** A counter of what happens with a key in a while, as a binding. */
export interface RateLimitOptions {
  readonly binding: string;
  /** Bindings of an account that name the same id, of whatever worker, count together. */
  readonly namespaceId: string;
  /** How often a key passes within one window. */
  readonly limit: number;
  readonly periodS: (typeof RATE_LIMIT_PERIODS)[number];
}
