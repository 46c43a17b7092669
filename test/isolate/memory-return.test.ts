import { test } from "uvu";
import * as assert from "uvu/assert";
import { MemoryReturn, type MemoryReturnParts } from "../../src/isolate/memory-return.ts";

/** A clock that stands still until it is moved, and what was given back by it. */
class ManualTime implements MemoryReturnParts {
  readonly given: number[] = [];
  #nowMs = 5_000;
  #due: { readonly atMs: number; readonly call: () => void } | undefined;

  get isArmed(): boolean {
    return this.#due !== undefined;
  }

  giveBack(): void {
    this.given.push(this.#nowMs);
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(waitMs: number, call: () => void): () => void {
    assert.is(this.#due, undefined, "one timer at a time");
    this.#due = { atMs: this.#nowMs + waitMs, call };
    return () => (this.#due = undefined);
  }

  /** Moves on, and calls what is due on the way at its time. */
  pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let due = this.#due; due !== undefined && due.atMs <= endMs; due = this.#due) {
      this.#nowMs = due.atMs;
      this.#due = undefined;
      due.call();
    }
    this.#nowMs = endMs;
  }
}

test("MemoryReturn gives back what was disposed, also what went while it waited, and then rests", () => {
  const time = new ManualTime();
  const memory = new MemoryReturn(() => false, time);
  assert.is(time.isArmed, false);
  memory.disposed();
  time.pass(6_000);
  memory.disposed();
  time.pass(60_000);
  assert.equal(time.given, [15_000, 21_000]);
  assert.is(time.isArmed, false);
  memory.disposed();
  time.pass(10_000);
  assert.is(time.given.length, 3);
});

test("MemoryReturn gives back once for many that went at once", () => {
  const time = new ManualTime();
  const memory = new MemoryReturn(() => false, time);
  for (let i = 0; i < 100; i++) memory.disposed();
  time.pass(60_000);
  assert.is(time.given.length, 1);
});

test("MemoryReturn waits for a moment in which nothing runs", () => {
  let busy = true;
  const time = new ManualTime();
  const memory = new MemoryReturn(() => busy, time);
  memory.disposed();
  time.pass(60_000);
  assert.equal(time.given, []);
  busy = false;
  time.pass(1_000);
  assert.is(time.given.length, 1);
});

test("MemoryReturn does nothing after it was closed", () => {
  const time = new ManualTime();
  const memory = new MemoryReturn(() => false, time);
  memory.disposed();
  memory.close();
  time.pass(60_000);
  assert.equal(time.given, []);
});

test("MemoryReturn does not keep its process alive while it waits", () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  const memory = new MemoryReturn(() => false);
  memory.disposed();
  assert.is(timers(), before);
  memory.close();
});

test.run();
