import { Mark } from "../../runtime-api/contract/boot.ts";

/** Wall time that an entry may take for each microsecond of its CPU budget, and on top. */
const WALL_FACTOR = 20;
const WALL_EXTRA_MS = 30_000;
/** CPU beyond the budget before an entry that runs is cut: what counters that are read one after the other may differ by. */
const GRACE_US = 1_000;
/**
 * The same at most where the count is an estimate, because threads wait for cores: code that was charged too much
 * ends by itself within this time, and code that loops does not.
 */
const MAX_GRACE_US = 20_000;

/** One visit to an isolate, with the CPU that it and each event in it may use. */
export class Entry {
  readonly startedMs: number;
  readonly #budgets: ReadonlyMap<number, number>;
  readonly #marks: Float64Array;
  readonly #totalUs: number;
  readonly #wallMs: number;
  readonly #firstMark: number;
  readonly #startUs: number;
  /** The isolate's counted CPU up to which somebody has taken what it used. */
  #takenUs: number;
  #mark: number;
  #seen = -1;
  #sliceStartUs: number;

  /**
   * @param budgets what each event may still use, in microseconds
   * @param boundedUs the isolate's counted CPU at the start
   */
  constructor(budgets: ReadonlyMap<number, number>, marks: Float64Array, boundedUs: number) {
    this.startedMs = performance.now();
    this.#budgets = budgets;
    this.#marks = marks;
    this.#startUs = this.#takenUs = this.#sliceStartUs = boundedUs;
    this.#firstMark = this.#mark = marks[Mark.slice] as number;
    let total = 0;
    for (const budget of budgets.values()) total += Math.max(0, budget);
    this.#totalUs = total;
    this.#wallMs = (total / 1_000) * WALL_FACTOR + WALL_EXTRA_MS;
  }

  /**
   * The event that runs or, between slices, the one that was seen last; -1 if neither is known. The mark
   * is believed only where it names an event of this entry.
   */
  get event(): number {
    const marked = this.#marks[Mark.event] as number;
    if (this.#budgets.has(marked)) return marked;
    if (this.#budgets.size > 1) return this.#seen;
    for (const only of this.#budgets.keys()) return only;
    return -1;
  }

  /** Slices that have begun since the entry began, as the runtime counts them. */
  get slicesRun(): number {
    return (this.#marks[Mark.slice] as number) - this.#firstMark;
  }

  /** CPU of the entry that nobody has taken so far, given the isolate's counted CPU. */
  spentUs(boundedUs: number): number {
    return boundedUs - this.#takenUs;
  }

  /** The same, which is taken now. */
  takeSpentUs(boundedUs: number): number {
    const spentUs = boundedUs - this.#takenUs;
    this.#takenUs = boundedUs;
    return spentUs;
  }

  /**
   * Whether the slice that runs, or the whole entry, is over what it may use. To be asked at every tick.
   * @param doubtUs how much of what was counted may be too much
   */
  isOver(boundedUs: number, doubtUs: number): boolean {
    return this.leftUs(boundedUs, doubtUs) < 0 || performance.now() - this.startedMs > this.#wallMs;
  }

  /**
   * CPU that is left of what it may use, grace included, in microseconds; less than 0 where it is over.
   * @param doubtUs how much of what was counted may be too much
   */
  leftUs(boundedUs: number, doubtUs: number): number {
    const graceUs = Math.min(GRACE_US + doubtUs, MAX_GRACE_US);
    const mark = this.#marks[Mark.slice] as number;
    if (mark !== this.#mark) {
      // Where the first slice of the entry is seen first, it has run since the entry began.
      if (mark !== this.#firstMark + 1) this.#sliceStartUs = boundedUs;
      this.#mark = mark;
    }
    this.#seen = this.event;
    const budget = this.#budgets.get(this.#marks[Mark.event] as number) ?? this.#totalUs;
    // Marks that change all the time must not buy time without end.
    const usedMost = Math.max(
      boundedUs - this.#sliceStartUs - budget,
      boundedUs - this.#startUs - this.#totalUs,
    );
    return graceUs - usedMost;
  }
}
