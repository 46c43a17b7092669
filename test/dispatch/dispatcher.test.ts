import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import { Admission } from "../../src/admission/admission.ts";
import { DEFAULT_ADMISSION } from "../../src/admission/options.ts";
import type { Cell, CellListener, ErrorText, LoadFailure, LoadResult } from "../../src/cell/cell.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { Deadlines } from "../../src/dispatch/deadlines.ts";
import { Dispatcher } from "../../src/dispatch/dispatcher.ts";
import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import { Meter } from "../../src/meter/meter.ts";
import type { Version } from "../../src/versions/version.ts";
import { DEFAULT_WARM_OPTIONS } from "../../src/warm/options.ts";
import { WarmPool } from "../../src/warm/warm-pool.ts";
import { within } from "../cell/harness.ts";
import { silentCell } from "../warm/silent-cell.ts";

const WAIT_MS = 60_000;

const TRIGGER = { cron: "* * * * *", scheduledTimeMs: 0 };

/** A version whose isolates run one event at a time, and whose log lines take the host two milliseconds. */
const VERSION = {
  account: "a",
  worker: "w",
  id: "version-1",
  hasCode: true,
  assets: null,
  limits: { ...DEFAULT_LIMITS, isolateConcurrency: 1, wallMs: 5_000 },
  configJson: "{}",
  bindings: [],
  code: async () => ({ script: "", codeCache: undefined, values: [] }),
  mapError: async (error: ErrorText) => error,
  mapText(text: string) {
    for (const untilMs = performance.now() + 2; performance.now() < untilMs;);
    return text;
  },
} as unknown as Version;

/** A dispatcher over a cell that notes which isolate gets which event, and does nothing with it. */
function rig(own: Partial<Cell> = {}): {
  dispatcher: Dispatcher;
  delivered: string[];
  cell: CellListener;
  close: () => Promise<void>;
} {
  const delivered: string[] = [];
  let listener: CellListener | undefined;
  const cell = silentCell({
    deliver: (isolate, messages) => {
      for (const { event } of messages) delivered.push(`event ${event} of isolate ${isolate}`);
    },
    ...own,
  });
  const create = (_: unknown, given: CellListener): Cell => ((listener = given), cell);
  const pool = new WarmPool(
    { ...DEFAULT_WARM_OPTIONS, maxPerVersion: 1, cores: 1 },
    systemClock,
    { kind: "process", count: 1, maxOwn: 1, aloneAs: () => null, create },
    {},
  );
  const admission = new Admission(DEFAULT_ADMISSION, systemClock, () => ({
    weight: 1,
    cpuMsPerMinute: Infinity,
  }));
  const dispatcher = new Dispatcher(pool, {
    meter: new Meter({ onEvent() {}, onLog() {} }),
    clock: systemClock,
    deadlines: new Deadlines(systemClock),
    admission,
    release: pool.release.bind(pool),
    hold: pool.hold.bind(pool),
    pauseMs: () => 0,
    internal: (error) => {
      throw error;
    },
  });
  const close = async (): Promise<void> => {
    admission.close();
    await pool.close();
  };
  return { dispatcher, delivered, cell: listener!, close };
}

for (const [lines, handled] of [
  [0, "when it is heard"],
  [12, "when the isolate is lost"],
] as const) {
  test(`an event runs elsewhere whose isolate is lost as it comes free, where that is handled ${handled}`, async () => {
    const { dispatcher, delivered, cell, close } = rig();
    const first = dispatcher.scheduled(VERSION, TRIGGER);
    while (delivered.length < 1) await nextTurn();
    const second = dispatcher.scheduled(VERSION, TRIGGER);
    const end: OutMessage = { type: Out.end, event: 1, ok: true };
    const log: OutMessage = { type: Out.log, event: 1, level: "log", text: "" };
    cell.messages(1, [...Array.from({ length: lines }, () => log), end], [{ event: 1, cpuUs: 10 }]);
    cell.lost(1, { cause: "exceededMemory", event: -1, started: [], message: "" });
    while (delivered.length < 2 && dispatcher.inFlight > 0) await nextTurn();
    assert.equal(delivered, ["event 1 of isolate 1", "event 1 of isolate 2"]);
    cell.messages(2, [end], [{ event: 1, cpuUs: 10 }]);
    assert.equal(await Promise.all([first, second]), ["ok", "ok"]);
    assert.is(dispatcher.inFlight, 0);
    await close();
  });
}

const LOADED: LoadResult = {
  ok: true,
  handlers: ["scheduled"],
  phases: { claimMs: 0, compileMs: 0, evaluateMs: 0, cpuMs: 0, spare: true },
  codeCache: "none",
};
const NOT_LOADED = (reason: LoadFailure): LoadResult => ({
  ok: false,
  reason,
  error: { name: "Error", message: "no", stack: "" },
});
const END: OutMessage = { type: Out.end, event: 1, ok: true };

/** A rig whose loads end when the test says so, and the ends of those that are under way. */
function slowRig(): ReturnType<typeof rig> & { readonly loads: ((result: LoadResult) => void)[] } {
  const loads: ((result: LoadResult) => void)[] = [];
  return { ...rig({ load: () => new Promise((resolve) => loads.push(resolve)) }), loads };
}

test("an event goes along with the load that it waits for, and its answer counts though it is heard of first", async () => {
  const { dispatcher, delivered, cell, loads, close } = slowRig();
  const first = dispatcher.scheduled(VERSION, TRIGGER);
  while (delivered.length < 1) await nextTurn();
  // There is one place: this one waits, and does not go along.
  const second = dispatcher.scheduled(VERSION, TRIGGER);
  await nextTurn();
  assert.equal([delivered, loads.length], [["event 1 of isolate 1"], 1]);
  loads[0]!(LOADED);
  cell.messages(1, [END], [{ event: 1, cpuUs: 10 }]);
  assert.is(await first, "ok");
  while (delivered.length < 2) await nextTurn();
  assert.is(delivered[1], "event 2 of isolate 1");
  cell.messages(1, [{ ...END, event: 2 }], [{ event: 2, cpuUs: 10 }]);
  assert.is(await second, "ok");
  assert.is(dispatcher.inFlight, 0);
  await close();
});

test("an event that went along with a load that failed ends as one that had no isolate", async () => {
  for (const reason of ["exception", "exceededCpu", "exceededMemory"] as const) {
    const { dispatcher, delivered, loads, close } = slowRig();
    const outcome = dispatcher.scheduled(VERSION, TRIGGER);
    while (delivered.length < 1) await nextTurn();
    loads[0]!(NOT_LOADED(reason));
    assert.is(await outcome, reason);
    assert.equal([dispatcher.inFlight, loads.length], [0, 1]);
    await close();
  }
});

test("an event that went along with a load whose cell died goes along with the next one", async () => {
  const { dispatcher, delivered, cell, loads, close } = slowRig();
  const outcome = dispatcher.scheduled(VERSION, TRIGGER);
  while (delivered.length < 1) await nextTurn();
  cell.died({
    reason: "killed",
    message: "",
    pid: 1,
    upMs: 1,
    rssBytes: 0,
    suspects: [],
    culprit: null,
  });
  loads[0]!(NOT_LOADED("isolateLost"));
  cell.lost(1, { cause: "cellLost", event: -1, started: [], message: "" });
  while (loads.length < 2) await nextTurn();
  loads[1]!(LOADED);
  while (delivered.length < 2) await nextTurn();
  assert.equal(delivered, ["event 1 of isolate 1", "event 1 of isolate 2"]);
  await nextTurn();
  cell.messages(2, [END], [{ event: 1, cpuUs: 10 }]);
  assert.is(await outcome, "ok");
  assert.is(dispatcher.inFlight, 0);
  await close();
});

test("an event whose isolate was lost in its first turn ends for it, though nobody had heard that it was loaded", async () => {
  const { dispatcher, delivered, cell, loads, close } = slowRig();
  const outcome = dispatcher.scheduled(VERSION, TRIGGER);
  while (delivered.length < 1) await nextTurn();
  loads[0]!(LOADED);
  cell.lost(1, { cause: "exceededCpu", event: 1, started: [1], message: "" });
  assert.is(await outcome, "exceededCpu");
  assert.is(dispatcher.inFlight, 0);
  await close();
});

test("an event waits no longer for the load that it went along with than for any other", async () => {
  const { dispatcher, delivered, loads, close } = slowRig();
  const version = { ...VERSION, limits: { ...VERSION.limits, wallMs: 1 } } as Version;
  const outcome = dispatcher.scheduled(version, TRIGGER);
  while (delivered.length < 1) await nextTurn();
  assert.is(await outcome, "overloaded");
  // What opened it, and that it is dropped.
  assert.equal(delivered, ["event 1 of isolate 1", "event 1 of isolate 1"]);
  assert.is(dispatcher.inFlight, 0);
  loads[0]!(LOADED);
  await close();
});

test("an event whose client left while it went along with a load has the time of what follows a response", async () => {
  const { dispatcher, delivered, loads, close } = slowRig();
  const limits = { ...VERSION.limits, wallMs: 300_000, waitUntilMs: 1 };
  const client = new AbortController();
  const answer = dispatcher.fetch({ ...VERSION, limits } as Version, {
    method: "GET",
    url: "http://a.test/",
    headers: "",
    body: null,
    signal: client.signal,
    cfJson: "{}",
  });
  void answer.catch(() => {});
  while (delivered.length < 1) await nextTurn();
  client.abort();
  loads[0]!(LOADED);
  await within(WAIT_MS, dispatcher.idle(), "its end");
  await close();
});

test("events that go along with a load end with a host that closes", async () => {
  const { dispatcher, delivered, loads, close } = slowRig();
  const outcome = dispatcher.scheduled(VERSION, TRIGGER);
  while (delivered.length < 1) await nextTurn();
  dispatcher.close();
  assert.is(await outcome, "overloaded");
  loads[0]!(NOT_LOADED("isolateLost"));
  await close();
});

test.run();
