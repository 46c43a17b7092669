import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ProcessCell } from "../../src/cell/process-cell.ts";
import { esm, Harness } from "./harness.ts";

/** Fills the young generation again and again, with much that lives for a while. */
const MAKES_GARBAGE = esm(
  `{fetch(){ const kept = []; for (let i = 0; i < 3e6; i++) kept[i % 60_000] = { i, more: [i] }; return new Response("" + kept.length); }}`,
);

/** CPU in ms that threads of a process have used, those of V8's helpers and all others. */
function cpuOf(pid: number): { helpers: number; others: number } {
  const used = { helpers: 0, others: 0 };
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${task}`;
    const isHelper = readFileSync(`${folder}/comm`, "latin1").trim() === "node-V8Worker";
    const cpuMs = Number.parseInt(readFileSync(`${folder}/schedstat`, "latin1"), 10) / 1e6;
    used[isHelper ? "helpers" : "others"] += cpuMs;
  }
  return used;
}

test("an isolate's garbage is collected by its own thread, not by helpers that nobody charges", async () => {
  await using host = new Harness({ kind: "process" });
  const isolate = await host.load(MAKES_GARBAGE, { cpuMs: 60_000 });
  assert.is((await host.fetch(isolate, "http://a.test/")).body, "60000");
  if (!existsSync("/proc/self/schedstat")) return;
  const pid = (host.cell as ProcessCell).pid!;
  const before = cpuOf(pid);
  for (let i = 0; i < 3; i++) await host.fetch(isolate, "http://a.test/");
  const after = cpuOf(pid);
  const helpers = after.helpers - before.helpers;
  const others = after.others - before.others;
  assert.ok(helpers < others / 4, `helpers used ${helpers} ms, all others ${others}`);
});

test.run();
