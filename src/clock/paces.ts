import { Allowance } from "./allowance.ts";

/** The paces of some whose work shares a loop or a queue: who has used what its pace gives it waits until more has come in. */
export class Paces<Whose> {
  readonly #allowances = new Map<Whose, Allowance>();

  /** Whether nobody has a pace. */
  get isEmpty(): boolean {
    return this.#allowances.size === 0;
  }

  /**
   * Sets the paces; those that are not named have none from now on.
   * @param paces what each may use, in microseconds for each ms
   */
  set(paces: ReadonlyMap<Whose, number>, nowMs: number): void {
    for (const whose of this.#allowances.keys()) if (!paces.has(whose)) this.#allowances.delete(whose);
    for (const [whose, usPerMs] of paces) {
      const allowance = this.#allowances.get(whose);
      if (allowance === undefined) this.#allowances.set(whose, new Allowance(usPerMs, nowMs));
      else allowance.change(usPerMs, nowMs);
    }
  }

  /** It has used so much, in microseconds. */
  charge(whose: Whose, usedUs: number, nowMs: number): void {
    this.#allowances.get(whose)?.charge(usedUs, nowMs);
  }

  /** How long it has to wait before it uses more, in ms; 0 where it need not. */
  waitMs(whose: Whose, nowMs: number): number {
    return this.#allowances.get(whose)?.waitMs(nowMs) ?? 0;
  }

  /** What it may use at one go, in microseconds; Infinity where it has no pace. */
  burstUs(whose: Whose): number {
    return this.#allowances.get(whose)?.burstUs ?? Infinity;
  }
}
