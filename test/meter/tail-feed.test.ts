import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EventRecord, LogRecord } from "../../src/meter/event-record.ts";
import { TailFeed, type TailItem } from "../../src/meter/tail-feed.ts";

const CRON = { kind: "scheduled", cron: "* * * * *", scheduledTimeMs: 1 } as const;

function event(worker: string, eventId: number): EventRecord {
  return { account: "a", worker, eventId } as EventRecord;
}

function line(worker: string, eventId: number, text: string): LogRecord {
  return { account: "a", worker, eventId, text } as LogRecord;
}

test("TailFeed hands each event of a watched worker over with its own lines, and nothing of others", () => {
  const feed = new TailFeed();
  const seen: TailItem[] = [];
  feed.log(line("w", 1, "before anybody watched"));
  const stop = feed.watch("a", "w", (item) => seen.push(item));
  for (const [id, text] of [
    [2, "two"],
    [3, "three"],
    [2, "two again"],
  ] as const)
    feed.log(line("w", id, text));
  feed.log(line("other", 4, "not watched"));
  for (const id of [3, 2]) feed.event(event("w", id), CRON);
  feed.event(event("other", 4), CRON);
  assert.equal(
    seen.map(({ event: { eventId }, logs }) => [eventId, ...logs.map(({ text }) => text)]),
    [
      [3, "three"],
      [2, "two", "two again"],
    ],
  );
  stop();
  feed.event(event("w", 5), CRON);
  assert.is(seen.length, 2);
});

test("TailFeed keeps a bounded number of lines, and goes on when a listener throws", () => {
  const feed = new TailFeed();
  let lines = 0;
  feed.watch("a", "w", () => {
    throw new Error("mine");
  });
  feed.watch("a", "w", ({ logs }) => (lines = logs.length));
  for (let n = 0; n < 1_000; n++) feed.log(line("w", 1, String(n)));
  feed.event(event("w", 1), CRON);
  assert.is(lines, 256);
});

test("TailFeed shows what began an event without secrets and ids", () => {
  const feed = new TailFeed();
  const seen: TailItem["source"][] = [];
  feed.watch("a", "w", ({ source }) => seen.push(source));
  const headers = [
    ["host", "w.test"],
    ["X-A", "1"],
    ["x-a", "2"],
    ["Authorization", "Bearer x"],
    ["cookie", "a=b"],
    ["x-cookie-count", "1"],
    ["X-Api-Key", "k"],
    ["x-csrf-token", "t"],
    ["__proto__", "p"],
  ].flatMap((pair) => pair);
  const hex = "0123456789abcdef-0123456789ABCDEF";
  const url = `http://w.test/${hex}/AbCdefgh12345678abcdE/short-id/abcdefghijklmnopqrstuvwxyz?u=${hex}`;
  feed.event(
    { ...event("w", 1), url },
    { kind: "fetch", headers: headers.join("\n"), cfJson: `{"a":1}`, entrypoint: "Admin" },
  );
  feed.event({ ...event("w", 2), url: null }, CRON);
  const [fetched, cron] = seen;
  assert.equal(cron, CRON);
  assert.ok(fetched?.kind === "fetch");
  assert.is(fetched.url, "http://w.test/REDACTED/REDACTED/short-id/abcdefghijklmnopqrstuvwxyz?u=REDACTED");
  assert.equal(Object.entries(fetched.headers), [
    ["host", "w.test"],
    ["x-a", "1, 2"],
    ["authorization", "REDACTED"],
    ["cookie", "REDACTED"],
    ["x-cookie-count", "1"],
    ["x-api-key", "REDACTED"],
    ["x-csrf-token", "REDACTED"],
    ["__proto__", "p"],
  ]);
  assert.equal([fetched.cf, fetched.entrypoint], [{ a: 1 }, "Admin"]);
});

test.run();
