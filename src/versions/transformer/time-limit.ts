/** Looks that are taken while the time of a job passes. */
export const LOOKS = 20;
/** So many times as long may a job take by the clock where its CPU is known: it may wait for cores, but not for ever. */
const CLOCK_TIMES = 10;

/**
 * The time that a job may take. It is counted in CPU where the system tells it, so that a machine which is busy with
 * something else refuses nobody's upload; else in looks, of which only one is over where the host itself stood still.
 */
export class TimeLimit {
  readonly #timeMs: number;
  readonly #startCpuMs: number | undefined;
  #looks = 0;

  /** @param startCpuMs CPU that the process used before; undefined where the system does not tell it */
  constructor(timeMs: number, startCpuMs: number | undefined) {
    this.#timeMs = timeMs;
    this.#startCpuMs = startCpuMs;
  }

  /** How often to look, in ms. */
  get intervalMs(): number {
    return this.#timeMs / LOOKS;
  }

  /** Takes a look. @param cpuMs CPU that the process has used @returns whether the job has taken too long */
  look(cpuMs: number | undefined): boolean {
    this.#looks++;
    if (cpuMs === undefined || this.#startCpuMs === undefined) return this.#looks >= LOOKS;
    return cpuMs - this.#startCpuMs >= this.#timeMs || this.#looks >= LOOKS * CLOCK_TIMES;
  }
}
