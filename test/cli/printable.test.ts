import { test } from "uvu";
import * as assert from "uvu/assert";
import { printable, printableLines } from "../../src/cli/printable.ts";

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

test("printableLines lets colours, bold, dim and underlined text through, and nothing that hides text", () => {
  const RESET = "\u001b[0m";
  for (const style of [
    "",
    "0",
    "01",
    "2",
    "4",
    "22;24",
    "31;1",
    "97",
    "107",
    "39;49",
    "38;5;208",
    "1;48;2;8;8;8",
  ])
    assert.is(printableLines(`\u001b[${style}mx`, ""), `\u001b[${style}mx${RESET}`, style);
  for (const style of [
    "8",
    "08",
    "5",
    "7",
    "0;8",
    "38;5",
    "38;5;1;8",
    "38;38;5;8",
    "38;5;38;5;8",
    "48;2;1;8",
    "48;2;1;1;8;8",
    "38;3;8",
  ])
    assert.is(printableLines(`\u001b[${style}mx`, ""), `\\u001b[${style}mx`, style);
  assert.is(
    printableLines("\u001b[32ma\u001b[8m\r\n\tb\u202e\u009b8m", "  "),
    `\u001b[32ma\\u001b[8m\n  \tb\\u202e\\u009b8m${RESET}`,
  );
});

test.run();
