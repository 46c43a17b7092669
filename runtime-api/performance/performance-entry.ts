import { structuredClone } from "../clone/structured-clone.ts";
import { TypeErrorOf } from "../primordials/errors.ts";
import { dictionary, requireConstructorArguments } from "../webidl/arguments.ts";
import { toText, toFinite } from "../webidl/convert.ts";
import { clockMs } from "./clock.ts";

/** What a subclass hands to the constructor of {@link PerformanceEntry}, so that tenants cannot call it. */
interface EntrySeed {
  readonly name: string;
  readonly entryType: "mark" | "measure";
  readonly startTime: number;
  readonly duration: number;
}

let seed: EntrySeed | undefined;

/** What an entry is, without asking its class, which tenants may have patched. */
export let seedOf: (entry: PerformanceEntry) => EntrySeed;

/** Makes a span of the timeline. Throws DataCloneError where its detail cannot be copied. */
export let makeMeasure: (
  name: string,
  startTime: number,
  duration: number,
  detail: unknown,
) => PerformanceMeasure;

/** One point or span of the timeline. Performance Timeline, 4. */
export class PerformanceEntry {
  readonly #seed: EntrySeed;

  constructor() {
    if (seed === undefined) throw new TypeErrorOf("Illegal constructor");
    this.#seed = seed;
    seed = undefined;
  }
  get name(): string {
    return this.#seed.name;
  }
  get entryType(): string {
    return this.#seed.entryType;
  }
  get startTime(): number {
    return this.#seed.startTime;
  }
  get duration(): number {
    return this.#seed.duration;
  }
  toJSON(): object {
    const { name, entryType, startTime, duration } = this.#seed;
    return { name, entryType, startTime, duration };
  }

  static {
    seedOf = (entry) => entry.#seed;
  }
}

export interface PerformanceMarkOptions {
  detail?: unknown;
  startTime?: number;
}

/** A named point in time, with a copy of whatever belongs to it. User Timing, 3.2. */
export class PerformanceMark extends PerformanceEntry {
  readonly #detail: unknown;

  constructor(markName: string, markOptions: PerformanceMarkOptions = {}) {
    requireConstructorArguments("PerformanceMark", arguments.length, 1);
    const name = toText(markName);
    const given = dictionary(markOptions, "The options of a mark");
    const { detail, startTime } = given;
    const startMs = startTime === undefined ? clockMs() : toFinite(startTime, "startTime");
    if (startMs < 0) throw new TypeErrorOf(`A mark cannot have the negative startTime ${startMs}.`);
    const copy: unknown = copyOf(detail);
    seed = { name, entryType: "mark", startTime: startMs, duration: 0 };
    super();
    this.#detail = copy;
  }
  get detail(): unknown {
    return this.#detail;
  }
}

let makingMeasure = false;

/** A named span of time. User Timing, 3.3. */
export class PerformanceMeasure extends PerformanceEntry {
  #detail: unknown = null;

  constructor() {
    if (!makingMeasure) throw new TypeErrorOf("Illegal constructor");
    super();
  }
  get detail(): unknown {
    return this.#detail;
  }

  static {
    makeMeasure = (name, startTime, duration, detail) => {
      const copy: unknown = copyOf(detail);
      makingMeasure = true;
      seed = { name, entryType: "measure", startTime, duration };
      try {
        const measure = new PerformanceMeasure();
        measure.#detail = copy;
        return measure;
      } finally {
        makingMeasure = false;
      }
    };
  }
}

function copyOf(detail: unknown): unknown {
  return detail === undefined || detail === null ? null : structuredClone(detail);
}
