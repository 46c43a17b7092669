import { test } from "uvu";
import * as assert from "uvu/assert";
import { announce } from "../../../bench/laboratory/announce.ts";
import { SHORT_SIZE } from "../../../bench/laboratory/experiment.ts";
import { planRun } from "../../../bench/laboratory/plan.ts";
import { SUBJECTS } from "../../../bench/subjects/subjects.ts";
import { experimentOf } from "./recording-server.ts";

test("before a run it is said who takes part, who cannot, what is not installed and how it would be", () => {
  const wanted = ["skerry", "node-vm", "raw-http"].map((name) => SUBJECTS.get(name)!);
  const missing = { ...SUBJECTS.get("deno-workers")!, packageName: "none-of-npm" };
  const subjects = [...wanted, missing];
  const plan = planRun([experimentOf("cold-tenant"), experimentOf("kv-1")], subjects, SHORT_SIZE);
  const text = announce(plan, subjects, SHORT_SIZE, "skerry");
  // Ours is measured twice: three in the one, two in the other.
  assert.match(text, "2 experiments, 2 rounds, 10 measurements: less than a minute");
  assert.match(text, /take part +skerry, node-vm$/m);
  assert.match(text, /cannot do it +raw-http$/m);
  assert.match(text, /not installed +deno-workers$/m);
  assert.match(text, "npm ci --prefix bench/peers");
});

test("a larger run is told to take longer", () => {
  const minutes = (loadMs: number): string => {
    const size = { ...SHORT_SIZE, rounds: 5, loadMs };
    return announce(planRun([experimentOf("warm-1")], [SUBJECTS.get("raw-http")!], size), [], size, "skerry");
  };
  assert.match(minutes(100), "5 measurements: less than a minute");
  assert.match(minutes(60_000), "5 measurements: about 10 minutes");
});

test.run();
