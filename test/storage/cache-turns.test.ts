import { test } from "uvu";
import * as assert from "uvu/assert";
import { CacheTurns } from "../../src/storage/cache-turns.ts";

interface Question {
  readonly account: string;
  readonly chars: number;
  readonly name: string;
}

const HEAVY_US = 40_000;
const LIGHT_US = 20;

function question(account: string, i: number, chars = 0): Question {
  return { account, chars, name: `${account}${i}` };
}

/** Answers questions in the order in which they were taken, and gives the names of the first so many. */
function serve(turns: CacheTurns<Question>, count: number): string[] {
  const under: Question[] = [];
  const names: string[] = [];
  while (names.length < count) {
    for (let next = turns.take(); next !== null; next = turns.take()) under.push(next);
    const answered = under.shift();
    if (answered === undefined) break;
    names.push(answered.name);
    turns.done(answered, answered.account === "heavy" ? HEAVY_US : LIGHT_US);
  }
  for (const left of under) turns.done(left, LIGHT_US);
  return names;
}

test("CacheTurns serves the account that has had least of the thread's time: long questions wait for short ones", () => {
  const turns = new CacheTurns<Question>();
  for (let i = 0; i < 500; i++) assert.ok(turns.add(question("heavy", i)));
  assert.equal(serve(turns, 10).length, 10);
  for (let i = 0; i < 500; i++) assert.ok(turns.add(question("light", i)));
  const names = serve(turns, 504);
  const light = names.filter((name) => name.startsWith("light"));
  assert.equal(
    light,
    Array.from({ length: 500 }, (_, i) => `light${i}`),
  );
  const ahead = names.indexOf("light0");
  assert.ok(ahead <= 4, `${ahead} questions of the other account came first`);
  assert.ok(!turns.isIdle);
});

test("CacheTurns gives no account all places while others wait, even before the first answer", () => {
  const turns = new CacheTurns<Question>();
  for (let i = 0; i < 50; i++) for (const account of ["a", "b", "c", "d"]) turns.add(question(account, i));
  const taken = [1, 2, 3, 4].map(() => turns.take()!);
  assert.is(turns.take(), null);
  assert.equal(taken.map(({ account }) => account).sort(), ["a", "b", "c", "d"]);
});

test("CacheTurns refuses what does not fit, by account and in all, and gives the room back", () => {
  const turns = new CacheTurns<Question>({ all: 1_000_000, perAccount: 100_000 });
  let added = 0;
  while (added < 100 && turns.add(question("a", added, 904))) added++;
  assert.is(added, 20);
  assert.ok(turns.add(question("b", 0)));
  assert.equal(serve(turns, 100).length, 21);
  assert.ok(turns.isIdle);
  for (let i = 0; i < 20; i++) assert.ok(turns.add(question("a", i, 904)));
  assert.not(turns.add(question("a", 20, 904)));
  assert.is(turns.drain().length, 20);
  assert.ok(turns.isIdle);
  assert.ok(turns.add(question("a", 0, 904)));
});

test("CacheTurns forgets accounts that ask for nothing any more, and gives them no credit for it", () => {
  const turns = new CacheTurns<Question>();
  turns.add(question("idle", 0));
  for (let i = 0; i < 100; i++) turns.add(question("heavy", i));
  serve(turns, 50);
  // It was away while the other was served: it comes next, but has not saved up turns.
  for (let i = 1; i < 5_000; i++) turns.add(question("idle", i));
  turns.add(question("new", 0));
  const names = serve(turns, 8);
  assert.ok(names.includes("new0"));
});

test.run();
