import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { Asked } from "../neighbour.ts";

/** A neighbour's wait in the time after a death is the gap in which its cell was replaced, in ms. */
const GAP_WINDOW_MS = 1_500;
/** Deaths that requests under way may still have waited for: none takes longer than its client does. */
const RECENT = 64;
/** Errors that are kept as text. */
const KEPT_ERRORS = 1_000;

/** What neighbours waited, in a place that does not grow with their requests: a soak measures memory. */
export class NeighbourTimes {
  readonly tookUs: RecordableHistogram = createHistogram();
  readonly errors: string[] = [];
  errorCount = 0;
  readonly #deaths: { readonly atMs: number; gapMs: number }[] = [];

  note({ atMs, tookMs, error }: Asked): void {
    this.tookUs.record(Math.max(1, Math.round(tookMs * 1_000)));
    if (error !== null && ++this.errorCount <= KEPT_ERRORS) this.errors.push(error);
    for (const death of this.#deaths.slice(-RECENT))
      if (atMs < death.atMs + GAP_WINDOW_MS && atMs + tookMs > death.atMs)
        death.gapMs = Math.max(death.gapMs, tookMs);
  }

  /** A cell is lost now. */
  death(): void {
    this.#deaths.push({ atMs: performance.now(), gapMs: 0 });
  }

  get deaths(): number {
    return this.#deaths.length;
  }

  /** The longest wait beside each death. */
  get gapsMs(): number[] {
    return this.#deaths.map(({ gapMs }) => gapMs);
  }
}
