import { Writable } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventLog } from "../../src/cli/event-log.ts";
import type { EventRecord, LogRecord } from "../../src/index.ts";

const EVENT: EventRecord = {
  account: "default",
  worker: "shop",
  versionId: "v1",
  eventId: 1,
  kind: "fetch",
  startedMs: 0,
  outcome: "ok",
  status: 200,
  method: "GET",
  url: "http://shop.localhost:8787/a?b=1",
  cpuMs: 0.42,
  wallMs: 30,
  headMs: 12.4,
  cold: true,
  subrequests: 0,
  retried: false,
  exception: null,
};

function show(
  options: { names?: boolean; requests?: boolean },
  use: (log: EventLog) => void,
): { out: string; err: string } {
  const text = { out: "", err: "" };
  const stream = (key: "out" | "err"): Writable =>
    new Writable({
      write(part: Buffer, _, done) {
        text[key] += part.toString();
        done();
      },
    });
  use(new EventLog({ names: false, requests: true, out: stream("out"), err: stream("err"), ...options }));
  return text;
}

test("EventLog.event shows a request with status, times and cold start", () => {
  assert.equal(
    show({}, (log) => log.event(EVENT)),
    { out: "GET /a?b=1 200 (12 ms, 0.4 ms CPU, cold start)\n", err: "" },
  );
  assert.is(
    show({ names: true }, (log) => log.event({ ...EVENT, cold: false })).out,
    "[shop] GET /a?b=1 200 (12 ms, 0.4 ms CPU)\n",
  );
});

test("EventLog.event shows what failed even where requests are not shown", () => {
  const { out } = show({ requests: false }, (log) => {
    log.event(EVENT);
    log.event({ ...EVENT, outcome: "exception", status: 500 });
    log.event({ ...EVENT, outcome: "exceededCpu", kind: "scheduled", status: null, headMs: null });
  });
  const [fetched, scheduled] = out.trimEnd().split("\n");
  assert.is(fetched, "GET /a?b=1 500 exception (12 ms, 0.4 ms CPU, cold start)");
  assert.is(scheduled, "scheduled exceededCpu (30 ms, 0.4 ms CPU, cold start)");
});

test("EventLog.log sends warnings and errors to standard error", () => {
  const record: LogRecord = {
    account: "default",
    worker: "shop",
    versionId: "v1",
    timeMs: 0,
    eventId: 1,
    level: "log",
    text: "a",
  };
  const { out, err } = show({ names: true }, (log) => {
    log.log(record);
    log.log({ ...record, level: "warn", text: "b" });
    log.log({ ...record, level: "error", text: "c" });
  });
  assert.is(out, "[shop] a\n");
  assert.is(err, "[shop] b\n[shop] c\n");
});

test("EventLog.log writes out what would command a terminal, and keeps lines, tabs and colours", () => {
  const record = { account: "default", worker: "shop", versionId: "v1", timeMs: 0, eventId: 1 } as const;
  const shown = (text: string, names = false): string =>
    show({ names }, (log) => log.log({ ...record, level: "log", text })).out;
  assert.is(shown("\u001b]0;title\u0007\u001b[2J\rgone"), "\\u001b]0;title\\u0007\\u001b[2J\\u000dgone\n");
  assert.is(shown("a\n\tb\r\nc"), "a\n\tb\nc\n");
  assert.is(shown("\u001b[31mred"), "\u001b[31mred\u001b[0m\n");
  assert.is(shown("a\n[bank] GET / 500", true), "[shop] a\n  [bank] GET / 500\n");
});

test.run();
