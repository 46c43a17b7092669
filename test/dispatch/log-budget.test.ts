import { test } from "uvu";
import * as assert from "uvu/assert";
import { LogBudget } from "../../src/dispatch/log-budget.ts";

test("LogBudget lets so many lines through, then says once that the rest is dropped", () => {
  const lines: string[] = [];
  const budget = new LogBudget({ logLines: 2, logBytes: 100 }, (_, text) => lines.push(text));
  for (const text of ["a", "b", "c", "d"]) budget.write("log", text);
  assert.equal(lines.slice(0, 2), ["a", "b"]);
  assert.is(lines.length, 3);
  assert.match(lines[2]!, "dropped");
});

test("LogBudget counts bytes of UTF-8, and lets shorter lines through still", () => {
  const lines: string[] = [];
  const budget = new LogBudget({ logLines: 10, logBytes: 5 }, (_, text) => lines.push(text));
  budget.write("log", "äöü");
  budget.write("log", "abcde");
  assert.match(lines[0]!, "dropped");
  assert.is(lines[1], "abcde");
});

test("LogBudget.force writes whatever the budget", () => {
  const lines: string[] = [];
  const budget = new LogBudget({ logLines: 0, logBytes: 0 }, (_, text) => lines.push(text));
  budget.force("error", "from the host");
  assert.equal(lines, ["from the host"]);
});

test("LogBudget.take counts a line that somebody else writes", () => {
  const lines: string[] = [];
  const budget = new LogBudget({ logLines: 2, logBytes: 10 }, (_, text) => lines.push(text));
  assert.ok(budget.take("abcde"));
  assert.not(budget.take("abcdef"));
  budget.write("log", "fghij");
  assert.not(budget.take(""));
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, "dropped");
});

test.run();
