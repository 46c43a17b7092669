import { test } from "uvu";
import * as assert from "uvu/assert";
import { AccountLoad, type WaitingEvent } from "../../src/admission/account-load.ts";
import { CpuBudget } from "../../src/admission/cpu-budget.ts";

function newLoad(): AccountLoad {
  return new AccountLoad("acme", 1, new CpuBudget(Infinity, 0), 0);
}

/** An event that waits in an isolate of its own. */
function newEvent(): WaitingEvent {
  return { isolate: {}, waitsAs: 0, shed() {} };
}

/** An event is sent, and begins. */
function begin(load: AccountLoad, waitMs: number, cpuUs: number): void {
  const event = newEvent();
  load.sent(event);
  load.began(event, waitMs, cpuUs);
}

/** A look of 100 ms in which `count` events began, each after `waitMs`. */
function look(load: AccountLoad, count: number, waitMs: number, isHeavy = true): void {
  for (let i = 0; i < count; i++) {
    begin(load, waitMs + 5, 5_000);
  }
  load.look(100, 250, isHeavy);
}

test("AccountLoad bounds what waits once all events have waited too long for 300 ms", () => {
  const load = newLoad();
  look(load, 80, 400);
  look(load, 80, 400);
  assert.is(load.maxPending, Infinity);
  look(load, 80, 400);
  // 0.8 events a millisecond, for a fifth of 250 ms.
  assert.is(load.maxPending, 40);
});

test("AccountLoad ends what waits behind many in its isolate when it begins to bound, and nothing later", () => {
  const load = newLoad();
  const shed: string[] = [];
  const wait = (name: string, isolate: object): void => {
    const event = {
      isolate,
      waitsAs: 0,
      shed: () => {
        shed.push(name);
        load.withdrew(event);
      },
    };
    load.sent(event);
  };
  const [one, other] = [{}, {}];
  for (let i = 0; i < 100; i++) wait(`one ${i}`, one);
  for (let i = 0; i < 10; i++) wait(`other ${i}`, other);
  for (let i = 0; i < 2; i++) look(load, 80, 400);
  assert.equal(shed, []);
  look(load, 80, 400);
  assert.is(load.maxPending, 40);
  assert.equal(shed.toSorted(), Array.from({ length: 60 }, (_, i) => `one ${i + 40}`).toSorted());
  assert.is(load.pending, 50);
  assert.is(load.refused, 60);
  for (let i = 0; i < 3; i++) look(load, 80, 400);
  assert.is(shed.length, 60);
});

test("AccountLoad bounds nothing for a burst, for an account within its share, or for long turns", () => {
  const burst = newLoad();
  for (let i = 0; i < 10; i++) look(burst, 40, i % 3 === 0 ? 10 : 1_000);
  assert.is(burst.maxPending, Infinity);
  const light = newLoad();
  for (let i = 0; i < 10; i++) look(light, 40, 1_000, false);
  assert.is(light.maxPending, Infinity);
  const long = newLoad();
  for (let i = 0; i < 10; i++) {
    begin(long, 1_300, 300_000);
    long.look(100, 250, true);
  }
  assert.is(long.maxPending, Infinity);
});

test("AccountLoad lets all in again when for 300 ms none had to be refused", () => {
  const load = newLoad();
  for (let i = 0; i < 3; i++) look(load, 80, 400);
  for (let i = 0; i < 5; i++) {
    load.refuse();
    look(load, 80, 20);
    assert.is(load.maxPending, 40);
  }
  for (let i = 0; i < 3; i++) look(load, 10, 1);
  assert.is(load.maxPending, Infinity);
});

test("AccountLoad counts a standstill as waiting", () => {
  const load = newLoad();
  const first = newEvent();
  load.sent(first);
  for (let i = 0; i < 6; i++) load.look(100, 250, true);
  assert.is(load.maxPending, 16);
  assert.not.ok(load.isFull);
  for (let i = 0; i < 15; i++) load.sent(newEvent());
  assert.ok(load.isFull);
  load.withdrew(first);
  assert.not.ok(load.isFull);
});

test("AccountLoad refuses nothing while waits become shorter by themselves", () => {
  const load = newLoad();
  for (let i = 0; i < 20; i++) look(load, 80, 900 - i * 30);
  assert.is(load.maxPending, Infinity);
  for (let i = 0; i < 3; i++) look(load, 80, 600);
  assert.is(load.maxPending, 40);
});

test("AccountLoad is not heavy below a tenth of a core", () => {
  const load = newLoad();
  load.spent(90_000, 0);
  assert.not.ok(load.isHeavy(0, 0));
  load.spent(20_000, 0);
  assert.ok(load.isHeavy(0, 0));
  assert.ok(load.isHeavy(137_000, 0));
  assert.not.ok(load.isHeavy(138_000, 0));
});

test("AccountLoad may have used unreported CPU while its events wait and none begins", () => {
  const load = newLoad();
  load.queued = 1;
  for (let i = 0; i < 3; i++) load.look(100, 250, false);
  assert.is(load.unreportedUs, 300_000);
  for (let i = 0; i < 20; i++) load.look(100, 250, false);
  assert.is(load.unreportedUs, 1_000_000);
  load.queued = 0;
  load.look(100, 250, false);
  assert.is(load.unreportedUs, 0);
});

test("AccountLoad takes a late look for no more than one", () => {
  const load = newLoad();
  begin(load, 1_000, 0);
  load.look(1_000, 250, true);
  assert.is(load.maxPending, Infinity);
});

test("AccountLoad forgets what was used long ago", () => {
  const load = newLoad();
  load.spent(1_000_000, 0);
  assert.is(load.latelyUs(0), 1_000_000);
  assert.ok(load.latelyUs(5_000) < 10_000);
  assert.is(load.cpuUs, 1_000_000);
});

test("AccountLoad counts no more of a wait than it is told", () => {
  const load = newLoad();
  for (let i = 0; i < 5; i++) {
    for (let event = 0; event < 80; event++) begin(load, 405, 5_000);
    load.look(100, 250, true, 0.6);
  }
  assert.is(load.maxPending, Infinity);
  for (let i = 0; i < 5; i++) look(load, 80, 400);
  assert.is(load.maxPending, 40);
});

test.run();
