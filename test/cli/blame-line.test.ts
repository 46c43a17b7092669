import { test } from "uvu";
import * as assert from "uvu/assert";
import { blameLine, catastropheLine, oneLine } from "../../src/cli/blame-line.ts";
import type { BlameReport, CatastropheReport } from "../../src/index.ts";

const MESSAGE = "a\u001b[8mb\u009b2Jc\u202ed\r\n[bank] e";
const SHOWN = "a [8mb 2Jc\\u202ed [bank] e";

test("oneLine leaves nothing that would command a terminal, turn text around or begin a line", () => {
  assert.is(oneLine(MESSAGE), SHOWN);
  assert.is(oneLine("x".repeat(400)), `${"x".repeat(300)}…`);
});

test("what a dying cell said is one line of the operator's", () => {
  const report: CatastropheReport = {
    ...{ account: "default", worker: "bad", versionId: "v1" },
    ...{ cell: "process", message: MESSAGE },
  };
  assert.is(catastropheLine(report), `cell replaced: ${SHOWN}`);
  assert.is(catastropheLine({ ...report, cell: "in-process" }), `goes on for ever: ${SHOWN}`);
});

test("blameLine writes out what a request's address may hold", () => {
  const report = {
    ...{ verdict: "culprit", ranMs: 0, rssBytes: 0, reason: "crashed", message: MESSAGE },
    event: { kind: "fetch", method: "GET", url: "http://bad.test/\u009b\u2066" },
  } as unknown as BlameReport;
  assert.is(blameLine(report), `ended its cell (crashed, in GET http://bad.test/\\u009b\\u2066): ${SHOWN}`);
});

test.run();
