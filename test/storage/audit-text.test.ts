import { test } from "uvu";
import * as assert from "uvu/assert";
import { auditText } from "../../src/storage/audit-text.ts";

test("auditText keeps a text that fits, and cuts others where a character ends", () => {
  for (const [text, expected] of [
    ["", ""],
    ["0123456789", "0123456789"],
    ["0123456789a", "0123456…"],
    ["ééééé", "ééééé"],
    ["éééééé", "ééé…"],
    ["👍👍👍", "👍…"],
    ["\ud800", "\ufffd"],
    ["x".repeat(1_000_000), "xxxxxxx…"],
  ] as const)
    assert.is(auditText(text, 10), expected);
});

test.run();
