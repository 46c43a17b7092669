/** No id: the place is free. */
const FREE = -1;
const LEAST_PLACES = 16;

/**
 * Values by ids that count up and that come and go, such as the events of an isolate. A `Map` would do, but each table
 * that it outgrows refers to the next one: where one of them got into V8's old generation, everything that goes through
 * the map lives until the next full collection, and all others take ten times as long. Here the places are used again.
 *
 * @example
 * const events = new IdTable<Event>();
 * events.set(1, event);
 * for (const id of events.keys()) events.get(id)?.end();
 */
export class IdTable<V> {
  /** Ids at the place that they ask for, or at the next free one behind it. */
  #ids: number[] = newArray(LEAST_PLACES, FREE);
  #values: (V | undefined)[] = newArray(LEAST_PLACES, undefined);
  #mask = LEAST_PLACES - 1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: number): V | undefined {
    return this.#values[this.#placeOf(id)];
  }

  has(id: number): boolean {
    return id !== FREE && this.#ids[this.#placeOf(id)] === id;
  }

  /** @param id an integer from 0 on */
  set(id: number, value: V): void {
    let place = this.#placeOf(id);
    if (this.#ids[place] === FREE) {
      // Half of the places stay free, so that the way to one is short.
      if (this.#size * 2 > this.#mask) {
        this.#resize((this.#mask + 1) * 2);
        place = this.#placeOf(id);
      }
      this.#size++;
      this.#ids[place] = id;
    }
    this.#values[place] = value;
  }

  /** Gives whether it was there. */
  delete(id: number): boolean {
    if (!this.has(id)) return false;
    let hole = this.#placeOf(id);
    this.#size--;
    const mask = this.#mask;
    // What stands behind it moves up where it asked for a place before the hole.
    for (let place = (hole + 1) & mask; this.#ids[place] !== FREE; place = (place + 1) & mask) {
      const wanted = this.#ids[place]! & mask;
      if (((place - wanted) & mask) < ((place - hole) & mask)) continue;
      this.#ids[hole] = this.#ids[place]!;
      this.#values[hole] = this.#values[place];
      hole = place;
    }
    this.#ids[hole] = FREE;
    this.#values[hole] = undefined;
    if (mask >= LEAST_PLACES * 4 && this.#size * 16 < mask) this.#resize((mask + 1) / 4);
    return true;
  }

  clear(): void {
    this.#size = 0;
    this.#resize(LEAST_PLACES);
  }

  /** The ids, least first. */
  keys(): number[] {
    return this.#ids.filter((id) => id !== FREE).sort((a, b) => a - b);
  }

  /** Ids and values, least id first. */
  entries(): [number, V][] {
    return this.keys().map((id) => [id, this.get(id)!]);
  }

  /** Where the id stands, or the free place where it would. */
  #placeOf(id: number): number {
    let place = id & this.#mask;
    for (let found = this.#ids[place]; found !== id && found !== FREE; found = this.#ids[place])
      place = (place + 1) & this.#mask;
    return place;
  }

  #resize(places: number): void {
    const ids = this.#ids;
    const values = this.#values;
    this.#ids = newArray(places, FREE);
    this.#values = newArray(places, undefined);
    this.#mask = places - 1;
    if (this.#size === 0) return;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (id === FREE) continue;
      const place = this.#placeOf(id);
      this.#ids[place] = id;
      this.#values[place] = values[i];
    }
  }
}

function newArray<T>(length: number, filler: T): T[] {
  const array: T[] = [];
  // Neither `fill`, whose array has holes for V8, nor `Array.from`, which takes ten times as long.
  for (let i = 0; i < length; i++) array.push(filler);
  return array;
}
