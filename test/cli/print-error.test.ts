import { test } from "uvu";
import * as assert from "uvu/assert";
import { printError } from "../../src/cli/print-error.ts";
import { reportInternal } from "../../src/cli/report-internal.ts";
import { SkerryError } from "../../src/errors/skerry-error.ts";

/** What is written to standard error meanwhile. */
function written(act: () => void): string {
  let text = "";
  const { write } = process.stderr;
  process.stderr.write = (part) => {
    text += String(part);
    return true;
  };
  try {
    act();
  } finally {
    process.stderr.write = write;
  }
  return text.replace(/^\u001b\[31merror\u001b\[39m/, "error");
}

const QUOTED = "not \u001b[8mtoday\u009b2J\u202e\nindex.js:1";

test("printError writes out what a worker quoted by an error would make a terminal do", () => {
  const message = "not \\u001b[8mtoday\\u009b2J\\u202e\n       index.js:1";
  assert.is(
    written(() => printError(new SkerryError("BAD_SCRIPT", QUOTED))),
    `error: ${message}\n`,
  );
  const fault = written(() => printError(new Error(QUOTED)));
  assert.ok(
    fault.startsWith(
      "error: a fault of Skerry itself: Error: not \\u001b[8mtoday\\u009b2J\\u202e\n  index.js:1\n",
    ),
    fault,
  );
});

test("reportInternal does so too", () => {
  const text = written(() => reportInternal(new Error(QUOTED)));
  assert.ok(
    text.startsWith("skerry: internal error: Error: not \\u001b[8mtoday\\u009b2J\\u202e\n  index.js:1\n"),
    text,
  );
});

test.run();
