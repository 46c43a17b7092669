import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EventRecord, LogRecord } from "../../src/meter/event-record.ts";
import { TailFeed, type TailItem } from "../../src/meter/tail-feed.ts";

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
  for (const id of [3, 2]) feed.event(event("w", id));
  feed.event(event("other", 4));
  assert.equal(
    seen.map(({ event: { eventId }, logs }) => [eventId, ...logs.map(({ text }) => text)]),
    [
      [3, "three"],
      [2, "two", "two again"],
    ],
  );
  stop();
  feed.event(event("w", 5));
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
  feed.event(event("w", 1));
  assert.is(lines, 256);
});

test.run();
