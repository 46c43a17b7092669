/** Ids that may stand out of line before those that were left out count as used. */
const MOST_APART = 1_024;

/** Ids that were used and mean nothing any more. They count up, every second number, so few have to be remembered. */
export class UsedIds {
  /** All ids below it were used. */
  #next: number;
  readonly #apart = new Set<number>();

  /** @param first the first id that there can be */
  constructor(first: number) {
    this.#next = first;
  }

  has(id: number): boolean {
    return id < this.#next || this.#apart.has(id);
  }

  add(id: number): void {
    if (id >= this.#next) this.#apart.add(id);
    if (this.#apart.size > MOST_APART) this.#next = Math.min(...this.#apart);
    while (this.#apart.delete(this.#next)) this.#next += 2;
  }
}
