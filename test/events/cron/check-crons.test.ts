import { test } from "uvu";
import * as assert from "uvu/assert";
import { cronProblems, MAX_CRONS } from "../../../src/events/cron/check-crons.ts";

test("a worker may have so many cron triggers", () => {
  const crons = Array.from({ length: MAX_CRONS }, () => "* * * * *");
  assert.equal(cronProblems(crons), []);
  assert.equal(cronProblems([...crons, "* * * * *"]), [
    "crons has 101 entries; a worker may have at most 100",
  ]);
});

test("cron triggers that are none are told by their place", () => {
  assert.match(cronProblems("* * * * *")[0]!, /must be a list of cron expressions/);
  assert.match(cronProblems(["* * * * *", "* * * * * *"])[0]!, /^crons\[1\]: .*6 fields/);
});

test.run();
