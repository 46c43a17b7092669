/** How many isolates stay warm, and for how long. */
export interface WarmOptions {
  /** Warm isolates in all. @default 200 */
  readonly maxIsolates: number;
  /** Memory of all warm isolates, in bytes, as V8 counts it. @default half of what all cells may take, at most 4 GiB */
  readonly maxBytes: number;
  /** Time without a request after which an isolate goes, in ms. @default 300000 */
  readonly idleMs: number;
  /** Isolates of one version at most. @default the machine's cores */
  readonly maxPerVersion: number;
  /** Isolates that compute at once before no more companions are started. @default the machine's cores */
  readonly cores: number;
  /** Isolates that start at once. @default 8 */
  readonly maxLoading: number;
  /** Share of its memory limit at which an isolate is replaced between events. @default 0.8 */
  readonly recycleAt: number;
  /** Time after which a cell that was made on demand and holds no isolate is closed, in ms. @default 30000 */
  readonly cellIdleMs: number;
}

export const DEFAULT_WARM_OPTIONS: Omit<WarmOptions, "maxPerVersion" | "cores"> = {
  maxIsolates: 200,
  maxBytes: 4 * 1024 ** 3,
  idleMs: 300_000,
  maxLoading: 8,
  recycleAt: 0.8,
  cellIdleMs: 30_000,
};

/** What the cache did since the host started, and holds now. */
export interface WarmStats {
  readonly isolates: number;
  readonly loading: number;
  readonly bytes: number;
  readonly hits: number;
  readonly starts: number;
  readonly failedStarts: number;
  readonly evicted: number;
  readonly recycled: number;
  readonly lost: number;
}
