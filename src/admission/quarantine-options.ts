/** When a worker that ends cells is kept from running, and for how long. */
export interface QuarantineOptions {
  /** Strikes that lead to a pause. @default 3 */
  readonly strikes: number;
  /** Time within which they count together, in ms. @default 600000 */
  readonly withinMs: number;
  /** The pauses, each longer than the one before; the last one is repeated. @default 1 min, 5 min, 30 min, 2 h */
  readonly pausesMs: readonly number[];
  /**
   * How long a worker that got a strike, is a suspect, or comes out of a pause has a cell of its own, in ms. One strike
   * in that time after a pause leads to the next one. @default 600000
   */
  readonly aloneMs: number;
  /** Time without a strike after which everything is forgotten, in ms. @default 86400000 */
  readonly forgetMs: number;
}

export const DEFAULT_QUARANTINE: QuarantineOptions = {
  strikes: 3,
  withinMs: 600_000,
  pausesMs: [60_000, 300_000, 1_800_000, 7_200_000],
  aloneMs: 600_000,
  forgetMs: 86_400_000,
};
