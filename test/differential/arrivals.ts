/** Time that something may take to arrive, in ms. */
const WAIT_MS = 3_000;
const LOOK_MS = 5;

/** What is told of events after their answers came, by key, in the order in which it came. */
export class Arrivals<Item> {
  readonly #items = new Map<string, Item[]>();

  add(key: string, item: Item): void {
    const waiting = this.#items.get(key);
    if (waiting === undefined) this.#items.set(key, [item]);
    else waiting.push(item);
  }

  /** Takes the first of a key; undefined where none comes in time. */
  async take(key: string): Promise<Item | undefined> {
    for (let waitedMs = 0; waitedMs < WAIT_MS; waitedMs += LOOK_MS) {
      const item = this.#items.get(key)?.shift();
      if (item !== undefined) return item;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return undefined;
  }
}
