import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventTimers } from "../../../src/cell/core/event-timers.ts";
import { Random } from "../random.ts";

test("EventTimers gives out what is due, by due time and then by id", () => {
  const timers = new EventTimers();
  timers.set(1, 3, 20);
  timers.set(1, 2, 10);
  timers.set(1, 1, 20);
  timers.set(2, 1, 15);
  timers.set(2, 2, 30);
  timers.clear(2, 9);
  assert.is(timers.nextMs, 10);
  assert.equal(timers.takeDue(20), [
    { event: 1, timer: 2 },
    { event: 2, timer: 1 },
    { event: 1, timer: 1 },
    { event: 1, timer: 3 },
  ]);
  assert.is(timers.nextMs, 30);
  timers.clearEvent(2);
  assert.is(timers.nextMs, undefined);
});

test("EventTimers agrees with a plain list under random use", () => {
  const random = new Random(4);
  const timers = new EventTimers();
  let plain: { event: number; timer: number; due: number }[] = [];
  let now = 0;
  let next = 1;
  for (let step = 0; step < 20_000; step++) {
    const event = 1 + random.int(5);
    const dice = random.int(10);
    if (dice < 6) {
      const due = now + 1 + random.int(100);
      timers.set(event, next, due);
      plain.push({ event, timer: next++, due });
    } else if (dice < 8 && plain.length > 0) {
      const gone = random.pick(plain);
      timers.clear(gone.event, gone.timer);
      plain = plain.filter((one) => one !== gone);
    } else if (dice === 8 && random.int(20) === 0) {
      timers.clearEvent(event);
      plain = plain.filter((one) => one.event !== event);
    } else {
      now += random.int(10);
      const due = plain.filter((one) => one.due <= now).sort((a, b) => a.due - b.due || a.timer - b.timer);
      plain = plain.filter((one) => one.due > now);
      assert.equal(
        timers.takeDue(now).map(({ timer }) => timer),
        due.map(({ timer }) => timer),
      );
    }
    const first = plain.reduce((least, one) => Math.min(least, one.due), Infinity);
    assert.is(timers.nextMs ?? Infinity, first);
  }
});

test.run();
