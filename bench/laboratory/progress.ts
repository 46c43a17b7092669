/** How much of what was estimated weighs as much as what was seen: one slow start says little of the rest. */
const TRUST_MS = 20_000;
const MINUTE_MS = 60_000;

/** How far a run is, and how long it may still take: by the plan at first, by its own pace later. */
export class Progress {
  readonly #totalMs: number;
  readonly #nowMs: () => number;
  readonly #beganMs: number;
  #doneMs = 0;

  /**
   * @param totalMs How long the whole takes by the plan.
   * @param nowMs A clock.
   */
  constructor(totalMs: number, nowMs: () => number = () => performance.now()) {
    this.#totalMs = totalMs;
    this.#nowMs = nowMs;
    this.#beganMs = nowMs();
  }

  /** Something of the plan is over, whatever it took. @param plannedMs How long the plan has for it. */
  done(plannedMs: number): void {
    this.#doneMs += plannedMs;
  }

  /** Such as `34 %, about 12 minutes left`. */
  text(): string {
    const pace = (this.#nowMs() - this.#beganMs + TRUST_MS) / (this.#doneMs + TRUST_MS);
    const share = this.#totalMs === 0 ? 1 : this.#doneMs / this.#totalMs;
    return `${Math.floor(share * 100)} %, ${timeText((this.#totalMs - this.#doneMs) * pace)} left`;
  }
}

/** About how long something takes, in words: the figure itself is a guess. */
export function timeText(ms: number): string {
  if (ms < MINUTE_MS) return "less than a minute";
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 100) return `about ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  return `about ${(minutes / 60).toFixed(1)} hours`;
}
