/** What can stand in an {@link UnorderedList}. */
export interface Placed {
  /** Kept by the list that it stands in; -1 in none. */
  place: number;
}

/**
 * Things that come and go often, to be looked at together now and then. A `Set` keeps alive what was in it
 * (see `IdTable`); this only moves its last one into the place that comes free.
 */
export class UnorderedList<T extends Placed> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** Does nothing where it stands in the list. */
  add(item: T): void {
    if (item.place === -1) item.place = this.#items.push(item) - 1;
  }

  /** Does nothing where it does not stand in the list. */
  remove(item: T): void {
    const { place } = item;
    if (place === -1) return;
    item.place = -1;
    const last = this.#items.pop()!;
    if (last === item) return;
    this.#items[place] = last;
    last.place = place;
  }

  clear(): void {
    for (const item of this.#items) item.place = -1;
    this.#items.length = 0;
  }

  /** All of them, as they are now. */
  all(): readonly T[] {
    return [...this.#items];
  }
}
