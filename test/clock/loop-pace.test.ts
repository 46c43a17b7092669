import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LoopPace } from "../../src/clock/loop-pace.ts";

test("LoopPace does so many pieces in a turn of the loop, and the rest in the next ones, in order", async () => {
  const pace = new LoopPace<string>({ pieces: 3 });
  const done: number[] = [];
  for (let i = 0; i < 8; i++) pace.next("one", () => done.push(i));
  assert.equal(done, [0, 1, 2]);
  await nextTurn();
  assert.equal(done, [0, 1, 2, 3, 4, 5]);
  // What comes now stands behind what waits.
  pace.next("one", () => done.push(8));
  await nextTurn();
  assert.equal(done, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  await nextTurn();
  for (let i = 9; i < 12; i++) pace.next("one", () => done.push(i));
  assert.is(done.length, 12, "a turn in which nothing was done has all of its pieces");
});

test("LoopPace lets those whose work it is take turns", async () => {
  const pace = new LoopPace<string>({ pieces: 2 });
  const done: string[] = [];
  const next = (whose: string, what: string): void => pace.next(whose, () => done.push(what));
  for (let i = 0; i < 6; i++) next("many", `many ${i}`);
  next("few", "few 0");
  next("few", "few 1");
  while (done.length < 8) await nextTurn();
  assert.equal(done, ["many 0", "many 1", "many 2", "few 0", "many 3", "few 1", "many 4", "many 5"]);
});

test("LoopPace stops where its time in a turn is over, after one piece at least", async () => {
  const pace = new LoopPace<string>({ ms: 0.5 });
  const done: number[] = [];
  const takeLong = (piece: number): void => {
    for (const untilMs = performance.now() + 1; performance.now() < untilMs;);
    done.push(piece);
  };
  for (let i = 0; i < 3; i++) pace.next("one", () => takeLong(i));
  assert.equal(done, [0]);
  await nextTurn();
  assert.equal(done, [0, 1]);
  await nextTurn();
  assert.equal(done, [0, 1, 2]);
});

test("LoopPace goes on after a piece that throws", async () => {
  const pace = new LoopPace<string>({ pieces: 1 });
  const fault = new Error("a piece broke");
  assert.throws(() =>
    pace.next("one", () => {
      throw fault;
    }),
  );
  let done = 0;
  pace.next("one", () => done++);
  assert.is(done, 0);
  await nextTurn();
  assert.is(done, 1);
});

test.run();
