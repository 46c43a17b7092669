import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  Performance as OwnPerformance,
  performance as own,
} from "../../../runtime-api/performance/performance.ts";
import { PerformanceObserver as OwnObserver } from "../../../runtime-api/performance/performance-observer.ts";
import { standInIo } from "../stand-in-io.ts";

function names(entries: readonly { readonly name: string }[]): string {
  return entries.map(({ name }) => name).join();
}

function clear(): void {
  own.clearMarks();
  own.clearMeasures();
}

test("performance.now() is the slice's clock, with an origin of 0", () => {
  const seen = standInIo();
  assert.is(own.now(), seen.clockMs);
  seen.clockMs += 1.5;
  assert.is(own.now(), seen.clockMs);
  assert.is(own.timeOrigin, 0);
  assert.equal(own.toJSON(), { timeOrigin: 0 });
  assert.throws(() => new OwnPerformance(), /Illegal constructor/);
});

test("performance.mark() and measure() add entries, found by name and type in the order of their start", () => {
  const seen = standInIo();
  clear();
  own.mark("late", { startTime: 50, detail: { a: 1 } });
  own.mark("early", { startTime: 5 });
  const measure = own.measure("span", "early", "late");
  assert.equal([measure.startTime, measure.duration, measure.entryType], [5, 45, "measure"]);
  assert.is(own.measure("to now", { start: 10 }).duration, seen.clockMs - 10);
  assert.is(own.measure("back", { end: 30, duration: 20, detail: [2] }).startTime, 10);
  assert.is(names(own.getEntries()), "early,span,to now,back,late");
  assert.is(names(own.getEntriesByType("mark")), "early,late");
  assert.is(names(own.getEntriesByName("late", "measure")), "");
  assert.equal((own.getEntriesByName("late")[0] as unknown as { detail: unknown }).detail, { a: 1 });
  own.clearMarks("late");
  assert.is(names(own.getEntriesByType("mark")), "early");
  clear();
  assert.is(own.getEntries().length, 0);
});

test("performance.measure() refuses options that contradict each other, and marks that do not exist", () => {
  standInIo();
  clear();
  const span = own.measure.bind(own) as (...args: unknown[]) => unknown;
  for (const args of [
    ["x", { start: 1 }, "end"],
    ["x", { duration: 1 }],
    ["x", { start: 1, end: 2, duration: 1 }],
    ["x", { start: -1 }],
    ["x", { end: Number.NaN }],
    [],
  ])
    assert.throws(
      () => span(...args),
      (error: Error) => error.name === "TypeError",
    );
  assert.throws(
    () => span("x", "nowhere"),
    (error: Error) => error.name === "SyntaxError",
  );
  assert.throws(
    () => own.mark("x", { detail: () => {} }),
    (error: Error) => error.name === "DataCloneError",
  );
});

test("PerformanceObserver is told of its types once the code is done, and of what came before if it asks", async () => {
  standInIo();
  clear();
  const told: string[] = [];
  own.mark("before");
  const observer = new OwnObserver((list, self, options) => {
    told.push(`${names(list.getEntries())} ${self === observer} ${options.droppedEntriesCount}`);
  });
  observer.observe({ type: "mark", buffered: true });
  own.mark("after");
  own.measure("other", { start: 0 });
  assert.equal(told, []);
  await Promise.resolve();
  own.mark("more");
  await Promise.resolve();
  observer.disconnect();
  own.mark("unseen");
  await Promise.resolve();
  assert.equal(told, ["before,after true 0", "more true undefined"]);
  assert.throws(() => observer.observe({}), /entryTypes/);
  observer.observe({ entryTypes: ["mark", "paint"] });
  own.mark("taken");
  assert.is(names(observer.takeRecords()), "taken");
  assert.throws(
    () => observer.observe({ type: "mark" }),
    (error: Error) => error.name === "InvalidModificationError",
  );
  observer.disconnect();
});

test("the timeline keeps a bounded number of entries: the oldest go", () => {
  standInIo();
  clear();
  for (let i = 0; i < 12_000; i++) own.mark(`${i}`, { startTime: i });
  const entries = own.getEntries();
  assert.ok(entries.length <= 10_000 && entries.length > 8_000);
  assert.is(entries.at(-1)?.name, "11999");
  clear();
});

test.run();
