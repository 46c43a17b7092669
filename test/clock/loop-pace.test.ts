import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LoopPace } from "../../src/clock/loop-pace.ts";

const PIECES_PER_TURN = 16;

test("LoopPace does so many pieces in a turn of the loop, and the rest in the next ones, in order", async () => {
  const pace = new LoopPace<string>(3);
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
  const pace = new LoopPace<string>(2);
  const done: string[] = [];
  const next = (whose: string, what: string): void => pace.next(whose, () => done.push(what));
  for (let i = 0; i < 6; i++) next("many", `many ${i}`);
  next("few", "few 0");
  next("few", "few 1");
  while (done.length < 8) await nextTurn();
  assert.equal(done, ["many 0", "many 1", "many 2", "few 0", "many 3", "few 1", "many 4", "many 5"]);
});

test("LoopPace goes on after a piece that throws", async () => {
  const pace = new LoopPace<string>(1);
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

test("LoopPace lets some whose work it is have a turn, and the others later ones, in the order in which they came", async () => {
  const pace = new LoopPace<number>(4);
  const read: number[] = [];
  for (let body = 0; body < 10; body++) pace.next(body, () => read.push(body));
  assert.equal(read, [0, 1, 2, 3]);
  await nextTurn();
  assert.equal(read, [0, 1, 2, 3, 4, 5, 6, 7]);
  // Those that came first are served first.
  pace.next(10, () => read.push(10));
  assert.is(read.length, 8);
  await nextTurn();
  assert.equal(read, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await nextTurn();
  pace.next(11, () => read.push(11));
  assert.is(read.at(-1), 11);
});

test("LoopPace counts one that asks again at once", async () => {
  const pace = new LoopPace<string>(4);
  let pieces = 0;
  const read = (): void => {
    pieces++;
    if (pieces < 100) pace.next("one", read);
  };
  pace.next("one", read);
  assert.is(pieces, 4);
  while (pieces < 100) await nextTurn();
});

test("LoopPace lets so many be waited for in a turn of the loop", async () => {
  const turns = new LoopPace<string>(PIECES_PER_TURN);
  const read: string[] = [];
  const ask = (account: string, pieces: number): void => {
    for (let piece = 0; piece < pieces; piece++) void turns.turn(account).then(() => read.push(account));
  };
  ask("storm", 4 * PIECES_PER_TURN);
  ask("calm", 3);
  await Promise.resolve();
  assert.is(read.length, PIECES_PER_TURN);
  await nextTurn();
  assert.is(read.length, 2 * PIECES_PER_TURN);
  assert.is(read.filter((account) => account === "calm").length, 3);
  for (let turn = 3; turn <= 4; turn++) {
    await nextTurn();
    assert.is(read.length, turn * PIECES_PER_TURN);
  }
  await nextTurn();
  assert.is(read.length, 4 * PIECES_PER_TURN + 3);
  await nextTurn();
  ask("calm", 1);
  await Promise.resolve();
  assert.is(read.length, 4 * PIECES_PER_TURN + 4);
});

test("LoopPace lets what is longer than a turn have one", async () => {
  const turns = new LoopPace<string>(PIECES_PER_TURN);
  const read: string[] = [];
  for (const account of ["a", "a", "b", "b"])
    void turns.turn(account, 2 * PIECES_PER_TURN).then(() => read.push(account));
  await Promise.resolve();
  assert.equal(read, ["a"]);
  for (const all of ["aa", "aab", "aabb"]) {
    await nextTurn();
    assert.is(read.join(""), all);
  }
});

test("LoopPace passes over those who are held, and comes back for them by itself", async () => {
  const held = new Set(["heavy"]);
  const pace = new LoopPace<string>(8, (whose) => (held.has(whose) ? 1 : 0));
  const done: string[] = [];
  for (const what of ["heavy 0", "heavy 1"]) pace.next("heavy", () => done.push(what));
  pace.next("light", () => done.push("light"));
  while (done.length === 0) await nextTurn();
  await nextTurn();
  assert.equal(done, ["light"]);
  held.clear();
  while (done.length < 3) await nextTurn();
  assert.equal(done, ["light", "heavy 0", "heavy 1"]);
});

test.run();
