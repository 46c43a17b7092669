import { IdTable } from "../../ids/id-table.ts";

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly event: number;
  readonly timer: number;
  live: boolean;
}

/** The timers of one isolate, given out in (due, id) order. Time is any monotonic clock, in ms. */
export class EventTimers {
  readonly #heap: Entry[] = [];
  /** Ids of timers are the worker's own choice, and could be chosen to collide in an IdTable. */
  readonly #byEvent = new IdTable<Map<number, Entry>>();
  #order = 0;
  #alive = 0;

  set(event: number, timer: number, dueMs: number): void {
    let timers = this.#byEvent.get(event);
    if (timers === undefined) this.#byEvent.set(event, (timers = new Map()));
    const before = timers.get(timer);
    if (before !== undefined) this.#kill(before);
    const entry: Entry = { dueMs, order: this.#order++, event, timer, live: true };
    this.#alive++;
    timers.set(timer, entry);
    this.#push(entry);
  }

  clear(event: number, timer: number): void {
    const timers = this.#byEvent.get(event);
    const entry = timers?.get(timer);
    if (timers === undefined || entry === undefined) return;
    this.#kill(entry);
    timers.delete(timer);
    if (timers.size === 0) this.#byEvent.delete(event);
    this.#prune();
  }

  /** Forgets all timers of an event. */
  clearEvent(event: number): void {
    const timers = this.#byEvent.get(event);
    if (timers === undefined) return;
    for (const entry of timers.values()) this.#kill(entry);
    this.#byEvent.delete(event);
    this.#prune();
  }

  /** When the next timer is due; undefined if none is armed. */
  get nextMs(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  /** Takes the timers that are due, in order, at most `count` of them. */
  takeDue(nowMs: number, count: number = Infinity): { event: number; timer: number }[] {
    const due: { event: number; timer: number }[] = [];
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.dueMs > nowMs || due.length >= count) return due;
      due.push({ event: first.event, timer: first.timer });
      this.clear(first.event, first.timer);
    }
  }

  /** Keeps a live entry on top; a heap that is mostly dead is made anew. */
  #prune(): void {
    while (this.#heap[0]?.live === false) this.#pop();
    if (this.#heap.length < 1_000 || this.#alive > this.#heap.length / 4) return;
    const entries = this.#heap.splice(0).filter((entry) => entry.live);
    for (const entry of entries) this.#push(entry);
  }

  #kill(entry: Entry): void {
    entry.live = false;
    this.#alive--;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Entry, b: Entry): boolean {
  if (a.dueMs !== b.dueMs) return a.dueMs < b.dueMs;
  if (a.event === b.event) return a.timer < b.timer;
  return a.order < b.order;
}
