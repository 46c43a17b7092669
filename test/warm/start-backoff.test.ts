import { test } from "uvu";
import * as assert from "uvu/assert";
import { LoadRefused } from "../../src/warm/load-refused.ts";
import { StartBackoff } from "../../src/warm/start-backoff.ts";

const TEXT = { name: "Error", message: "no", stack: "" };

test("StartBackoff refuses starts for twice as long after each failure, up to a minute", () => {
  const backoff = new StartBackoff();
  const error = new LoadRefused("exception", TEXT);
  assert.is(backoff.refusal("v", 0), null);
  backoff.note("v", error, 0);
  assert.is(backoff.refusal("v", 99), error);
  assert.is(backoff.refusal("v", 100), null);
  assert.is(backoff.refusal("other", 50), null);
  backoff.note("v", error, 1_000);
  assert.is(backoff.refusal("v", 1_199), error);
  assert.is(backoff.refusal("v", 1_200), null);
  for (let i = 0; i < 20; i++) backoff.note("v", error, 0);
  assert.is(backoff.refusal("v", 59_999), error);
  assert.is(backoff.refusal("v", 60_000), null);
  backoff.note("v", null, 0);
  assert.is(backoff.refusal("v", 1), null);
});

test("StartBackoff does not count the loss of a cell", () => {
  const backoff = new StartBackoff();
  backoff.note("v", new LoadRefused("isolateLost", TEXT), 0);
  assert.is(backoff.refusal("v", 1), null);
});

test.run();
