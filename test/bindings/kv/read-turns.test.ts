import { test } from "uvu";
import * as assert from "uvu/assert";
import { PIECES_PER_TURN, ReadTurns } from "../../../src/bindings/kv/read-turns.ts";

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("ReadTurns lets so many pieces be read in a turn of the loop, and accounts take turns", async () => {
  const turns = new ReadTurns();
  const read: string[] = [];
  const ask = (account: string, pieces: number): void => {
    for (let piece = 0; piece < pieces; piece++) void turns.next(account).then(() => read.push(account));
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

test("ReadTurns lets what is longer than a turn have one", async () => {
  const turns = new ReadTurns();
  const read: string[] = [];
  for (const account of ["a", "a", "b", "b"])
    void turns.next(account, 2 * PIECES_PER_TURN).then(() => read.push(account));
  await Promise.resolve();
  assert.equal(read, ["a"]);
  for (const all of ["aa", "aab", "aabb"]) {
    await nextTurn();
    assert.is(read.join(""), all);
  }
});

test.run();
