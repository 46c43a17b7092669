import { existsSync, readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ProcessCell } from "../../src/cell/process-cell.ts";
import { mayRaisePriority } from "../../src/cell/supervision/process-priority.ts";
import { eventually } from "../eventually.ts";
import { esm, Harness } from "./harness.ts";

const LOW = 10;
const COMPUTES = esm(
  `{fetch(){ let sum = 0; for (let i = 0; i < 2e10; i++) sum += i % 7; return new Response("" + sum); }}`,
);
const ANSWERS = esm(`{fetch(){ return new Response("well"); }}`);

/** Priorities of the threads in which isolates of a process run. */
function poolPriorities(pid: number): number[] {
  const nameOf = (task: string): string => readFileSync(`/proc/${pid}/task/${task}/comm`, "latin1");
  return readdirSync(`/proc/${pid}/task`)
    .filter((task) => Number(task) !== pid && nameOf(task) === nameOf(String(pid)))
    .map((task) => getPriority(Number(task)));
}

test("a thread of a process cell that computes has a lower priority; one that only answers keeps it where that can be given back", async () => {
  await using host = new Harness({ kind: "process" });
  const answers = await host.load(ANSWERS);
  assert.is((await host.fetch(answers, "http://a.test/")).body, "well");
  if (!existsSync("/proc/self/task")) return;
  const pid = (host.cell as ProcessCell).pid!;
  const own = getPriority(pid);
  const computes = await host.load(COMPUTES, { cpuMs: 600_000 });
  void host.fetch(computes, "http://b.test/");
  const low = Math.max(own, LOW);
  await eventually(() => poolPriorities(pid).includes(low), "a thread that computes is lowered");
  assert.is(getPriority(pid), own, "the loop keeps its own");
  if (!mayRaisePriority() || own === low) return;
  await eventually(() => poolPriorities(pid).includes(own), "a thread that does not compute has the loop's");
});

test.run();
