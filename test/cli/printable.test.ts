import { test } from "uvu";
import * as assert from "uvu/assert";
import { printable } from "../../src/cli/printable.ts";

test("printable writes out what would command a terminal or turn text around, and leaves the rest", () => {
  assert.is(printable("a ü 漢 \u{1f600} \\"), "a ü 漢 \u{1f600} \\");
  assert.is(
    printable("\u001b[2J\u009b1m\r\n\t\0\u007f"),
    String.raw`\u001b[2J\u009b1m\u000d\u000a\u0009\u0000\u007f`,
  );
  assert.is(printable("a\u202eb\u2066c\u2028"), String.raw`a\u202eb\u2066c\u2028`);
  const value = { text: "\u009b\u202e\u2028" };
  assert.equal(JSON.parse(printable(JSON.stringify(value))), value);
});

test.run();
