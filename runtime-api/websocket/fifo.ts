import { arrayPush, arraySplice } from "../primordials/array.ts";

/** Gaps at the front that are closed at once: taking one by one off a long array moves all the others each time. */
const GAP = 1_024;

/** A queue that may grow long. */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #start = 0;

  get length(): number {
    return this.#items.length - this.#start;
  }

  push(item: T): void {
    arrayPush(this.#items, item);
  }

  /** The next one, which stays; undefined if there is none. */
  peek(): T | undefined {
    return this.#items[this.#start];
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#start];
    this.#items[this.#start++] = undefined;
    if (this.#start === this.#items.length) this.clear();
    else if (this.#start >= GAP && this.#start * 2 >= this.#items.length) {
      arraySplice(this.#items, 0, this.#start);
      this.#start = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#start = 0;
  }
}
