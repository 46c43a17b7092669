import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import { Admission } from "../../src/admission/admission.ts";
import { DEFAULT_ADMISSION } from "../../src/admission/options.ts";
import type { Cell, CellListener } from "../../src/cell/cell.ts";
import { systemClock } from "../../src/clock/clock.ts";
import { Deadlines } from "../../src/dispatch/deadlines.ts";
import { Dispatcher } from "../../src/dispatch/dispatcher.ts";
import { DEFAULT_LIMITS } from "../../src/limits/defaults.ts";
import { Meter } from "../../src/meter/meter.ts";
import type { Version } from "../../src/versions/version.ts";
import { DEFAULT_WARM_OPTIONS } from "../../src/warm/options.ts";
import { WarmPool } from "../../src/warm/warm-pool.ts";
import { silentCell } from "../warm/silent-cell.ts";

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
  mapText(text: string) {
    for (const untilMs = performance.now() + 2; performance.now() < untilMs;);
    return text;
  },
} as unknown as Version;

/** A dispatcher over a cell that notes which isolate gets which event, and does nothing with it. */
function rig(): {
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

test.run();
