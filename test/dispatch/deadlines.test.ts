import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Deadline, Deadlines } from "../../src/dispatch/deadlines.ts";

/** A clock that goes on by so much each time it is looked at, which is once for each look at the deadlines. */
class Clock {
  ms = 0;
  stepMs = 100;
  looks = 0;

  now(): number {
    return 0;
  }

  monotonicMs(): number {
    this.looks++;
    return (this.ms += this.stepMs);
  }

  async next(): Promise<void> {
    const before = this.looks;
    while (this.looks === before) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function deadline(dueMs: number): Deadline & { readonly isOver: boolean } {
  return {
    place: -1,
    dueMs,
    isOver: false,
    overdue() {
      this.dueMs = Infinity;
      (this as { isOver: boolean }).isOver = true;
    },
    abandon() {},
  } as Deadline & { readonly isOver: boolean };
}

test("Deadlines are met in time, and not while the host itself stands still", async () => {
  const clock = new Clock();
  const deadlines = new Deadlines(clock);
  const soon = deadline(600);
  const later = deadline(1_000);
  deadlines.add(soon);
  deadlines.add(later);
  while (clock.ms < 400) await clock.next();
  assert.is(soon.isOver, false);
  clock.stepMs = 10_000;
  await clock.next();
  clock.stepMs = 100;
  assert.is(soon.isOver, false);
  while (!soon.isOver) await clock.next();
  assert.is(clock.ms, 10_500);
  assert.is(later.isOver, false);
  while (!later.isOver) await clock.next();
  assert.is(clock.ms, 10_900);
  deadlines.remove(soon);
  deadlines.remove(later);
});

test.run();
