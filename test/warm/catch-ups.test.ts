import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import { Paces } from "../../src/clock/paces.ts";
import { systemClock } from "../../src/clock/clock.ts";
import type { Cell } from "../../src/cell/cell.ts";
import type { Version } from "../../src/versions/version.ts";
import { WarmIsolate } from "../../src/warm/warm-isolate.ts";
import { silentSink } from "./silent-sink.ts";

/** An isolate with one event, each of whose records takes a tenth of a millisecond. */
function slowIsolate(account = "one"): { isolate: WarmIsolate; heard: number[] } {
  const isolate = new WarmIsolate(1, { account } as Version, {} as Cell, 0, systemClock);
  isolate.begin();
  const heard: number[] = [];
  const message = (record: OutMessage): void => {
    heard.push((record as OutMessage & { type: typeof Out.close }).stream);
    for (const untilMs = performance.now() + 0.1; performance.now() < untilMs;);
  };
  isolate.open(silentSink({ message }));
  return { isolate, heard };
}

function records(from: number, count: number): OutMessage[] {
  return Array.from({ length: count }, (_, i) => ({ type: Out.close, event: 1, stream: from + i }));
}

test("a turn that puts out much leaves the loop to others in between, and stays in order", async () => {
  const { isolate, heard } = slowIsolate();
  isolate.receive(records(0, 500), []);
  assert.ok(heard.length < 500, `${heard.length} at one go`);
  let turns = 0;
  for (; heard.length < 300; turns++) await nextTurn();
  assert.ok(turns > 3, `${turns} turns`);
  // What comes behind has to wait for what came before.
  isolate.receive(records(500, 2), []);
  while (heard.length < 502) await nextTurn();
  assert.equal(
    heard,
    Array.from({ length: 502 }, (_, i) => i),
  );
});

test("two isolates with much to do take turns", async () => {
  const [one, other] = [slowIsolate(), slowIsolate()];
  one.isolate.receive(records(0, 400), []);
  other.isolate.receive(records(0, 400), []);
  while (one.heard.length < 200) await nextTurn();
  assert.ok(other.heard.length > 50, `${other.heard.length} of the other one`);
  one.isolate.catchUp();
  other.isolate.catchUp();
  assert.is(one.heard.length + other.heard.length, 800);
});

test("accounts take turns: one with many isolates gets no more than one with a single isolate", async () => {
  const many = Array.from({ length: 6 }, () => slowIsolate("many"));
  const single = slowIsolate("single");
  await nextTurn();
  for (const { isolate } of many) isolate.receive(records(0, 600), []);
  single.isolate.receive(records(0, 600), []);
  while (single.heard.length < 500) await nextTurn();
  const ofMany = many.reduce((sum, { heard }) => sum + heard.length, 0);
  assert.ok(ofMany < 1_500, `${ofMany} of the six, 500 of the single one`);
  for (const { heard } of many) assert.ok(heard.length > 0, "its isolates take turns among themselves");
  for (const { isolate } of many) isolate.catchUp();
});

test("isolates that come in one turn of the loop with much to do wait for the next one, beyond the first few", async () => {
  await nextTurn();
  const isolates = Array.from({ length: 6 }, () => slowIsolate());
  for (const { isolate } of isolates) isolate.receive(records(0, 100), []);
  assert.ok(isolates[0]!.heard.length > 0);
  // Those that worked took all the time that there is.
  for (const { heard } of isolates.slice(3)) assert.is(heard.length, 0);
  while (isolates.some(({ heard }) => heard.length < 100)) await nextTurn();
});

test("few records, and those of an isolate that is lost, are handled at once", () => {
  const { isolate, heard } = slowIsolate();
  isolate.receive(records(0, 8), []);
  assert.is(heard.length, 8);
  isolate.receive(records(8, 300), []);
  assert.ok(heard.length < 308);
  isolate.catchUp();
  assert.is(heard.length, 308);
});

test("an isolate that overflows time and again has one turn in a round all the same", async () => {
  const [busy, calm] = [slowIsolate(), slowIsolate()];
  for (let n = 0; n < 8; n++) {
    busy.isolate.receive(records(0, 40), []);
    busy.isolate.catchUp();
  }
  busy.isolate.receive(records(0, 400), []);
  calm.isolate.receive(records(0, 400), []);
  const before = busy.heard.length;
  while (calm.heard.length < 200) await nextTurn();
  assert.ok(busy.heard.length - before < 350, `${busy.heard.length - before} of the busy one`);
  busy.isolate.catchUp();
  calm.isolate.catchUp();
});

test("a record that breaks in the first slice is told as a fault that nobody waits for, and holds up none behind it", async () => {
  const { isolate, heard } = slowIsolate();
  const fault = new Error("a sink broke");
  const message = (): never => {
    throw fault;
  };
  isolate.open(silentSink({ message }));
  const told: unknown[] = [];
  const tell = (reason: unknown): void => void told.push(reason);
  process.on("unhandledRejection", tell);
  try {
    // One that comes when others have worked in this turn of the loop may not begin at once.
    await nextTurn();
    isolate.receive([{ type: Out.close, event: 2, stream: 0 }, ...records(0, 20)], []);
    isolate.receive(records(20, 2), []);
    while (heard.length < 22) await nextTurn();
  } finally {
    process.off("unhandledRejection", tell);
  }
  assert.equal(
    heard,
    Array.from({ length: 22 }, (_, i) => i),
  );
  assert.equal(told, [fault]);
});

test("what an account puts out that is held waits, and others' does not", async () => {
  const paces = new Paces<string>();
  const heavy = slowIsolate("heavy");
  const light = slowIsolate("light");
  for (const { isolate } of [heavy, light]) isolate.paces = paces;
  paces.set(new Map([["heavy", 1]]), systemClock.monotonicMs());
  paces.charge("heavy", 60_000_000, systemClock.monotonicMs());
  // A few records alike, which are handled at once otherwise.
  heavy.isolate.receive(records(0, 2), []);
  light.isolate.receive(records(0, 2), []);
  assert.equal(light.heard, [0, 1]);
  assert.equal(heavy.heard, []);
  paces.set(new Map(), systemClock.monotonicMs());
  while (heavy.heard.length < 2) await nextTurn();
  assert.equal(heavy.heard, [0, 1]);
});

test("what waits for an account's pace is handled when its isolate is lost", () => {
  const paces = new Paces<string>();
  const { isolate, heard } = slowIsolate("heavy");
  isolate.paces = paces;
  paces.set(new Map([["heavy", 1]]), systemClock.monotonicMs());
  paces.charge("heavy", 60_000_000, systemClock.monotonicMs());
  isolate.receive(records(0, 20), []);
  assert.equal(heard, []);
  isolate.catchUp();
  assert.is(heard.length, 20);
});

test.run();
