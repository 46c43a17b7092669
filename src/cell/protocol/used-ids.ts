/** Ids that may stand out of line before those that were left out count as used. */
const MOST_APART = 1_024;

/** Ids that were used and mean nothing any more. They count up, every second number, so few have to be remembered. */
export class UsedIds {
  /** All ids below it were used. */
  #next: number;
  /** Made with the first one: most events use no id. */
  #apart: Set<number> | undefined;

  /** @param first the first id that there can be */
  constructor(first: number) {
    this.#next = first;
  }

  has(id: number): boolean {
    return id < this.#next || this.#apart?.has(id) === true;
  }

  add(id: number): void {
    if (id < this.#next) return;
    const apart = (this.#apart ??= new Set());
    apart.add(id);
    if (apart.size > MOST_APART) this.#next = Math.min(...apart);
    while (apart.delete(this.#next)) this.#next += 2;
  }
}
