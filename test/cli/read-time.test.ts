import { test } from "uvu";
import * as assert from "uvu/assert";
import { readTime } from "../../src/cli/read-time.ts";

const NOW_MS = Date.UTC(2026, 4, 1, 12);

test("readTime reads dates and ages", () => {
  for (const [text, expected] of [
    ["2026-05-01", "2026-05-01T00:00:00.000Z"],
    ["2026-05-01T10:30Z", "2026-05-01T10:30:00.000Z"],
    ["2026-05-01T10:30:15.5+02:00", "2026-05-01T08:30:15.500Z"],
    ["2024-02-29T23:59:59.999-11:30", "2024-03-01T11:29:59.999Z"],
    ["2026-01-01T00:15+05:45", "2025-12-31T18:30:00.000Z"],
    ["2026-12-31T23:59:59Z", "2026-12-31T23:59:59.000Z"],
    ["0s", "2026-05-01T12:00:00.000Z"],
    ["90m", "2026-05-01T10:30:00.000Z"],
    ["12h", "2026-05-01T00:00:00.000Z"],
    ["7d", "2026-04-24T12:00:00.000Z"],
    ["999999999d", "1970-01-01T00:00:00.000Z"],
  ] as const)
    assert.is(new Date(readTime(text, NOW_MS)!).toISOString(), expected, text);
});

test("readTime takes nothing else", () => {
  for (const text of [
    "",
    "7",
    "7w",
    "-7d",
    "1.5h",
    "yesterday",
    "2026",
    "2026-13-01",
    "2026-05-01T25:00Z",
    "1969-01-01",
    "2026-02-31",
    "2025-02-29",
    "2026-04-31T12:00Z",
    "2026-02-30T12:00:00.5+14:00",
    "2026-02-30T12:00",
    "2026-05-01T24:00Z",
  ])
    assert.is(readTime(text, NOW_MS), null, text);
});

test.run();
