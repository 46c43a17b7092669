import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HostOptions } from "../../src/index.ts";
import type { HostileCase } from "./hostile-case.ts";
import { CELL_GRACE_MB, CELL_MEMORY_MB, type CellKind, Rig, until } from "./rig.ts";
import { type CaseResult, runCase } from "./run-case.ts";

/**
 * The event loop of the host stands still for no tenant for so long, in ms that another thread of it goes on: a bound on
 * what is wrong, not on speed.
 */
const STANDSTILL_MS = 4_000;
/** Over the start, in MB: what cells may hold after all cases, compiled code and V8's own pools included. */
const KEPT_MB = 160;
/** How long that is waited for: what was disposed goes back after some 10 s, where the machine does not stand still. */
const SETTLE_MS = 100_000;

/** What is not the same for all files of cases. */
interface CasesSetup {
  /** Of the host. */
  readonly options?: HostOptions;
  /** What has to hold once all cases ran. */
  readonly over?: (rig: Rig) => Promise<void>;
}

/**
 * Defines a test for each case that the kind of cell of this run can bear, all in one host with a neighbour under
 * load, and one that host, memory and neighbour are as they were.
 */
export function defineCases(
  title: string,
  cases: readonly HostileCase[],
  cell: CellKind,
  { options = {}, over: check = async () => {} }: CasesSetup = {},
): void {
  let rig: Rig | undefined;
  let startMb = 0;
  const lines: string[] = [];
  const runnable = cases.filter(({ processOnly }) => cell === "process" || processOnly !== true);

  for (const [index, one] of runnable.entries()) {
    test(`${one.number}. ${one.name} (${cell})`, async () => {
      rig ??= await Rig.start(cell, options);
      startMb ||= rig.cellMb();
      const result = await runCase(rig, one, `case-${index}`);
      lines.push(lineOf(one, result));
      checkResult(cell, one, result);
      assert.equal(rig.faults, [], "faults of the host");
    });
  }

  test(`${title}: host, memory and neighbour are as they were (${cell})`, async () => {
    assert.ok(rig !== undefined, "no case ran");
    await using over = rig;
    console.log(lines.join("\n"));
    await over.neighbour[Symbol.asyncDispose]();
    await until("nothing is under way", async () => (await over.host.stats()).inFlight === 0);
    assert.ok(over.neighbour.asked.length > 0);
    await check(over);
    assert.equal(over.neighbour.errorsSince(0), []);
    const endMs = performance.now() + SETTLE_MS;
    while (rig.cellMb() > startMb + KEPT_MB && performance.now() < endMs)
      await new Promise((resolve) => setTimeout(resolve, 250));
    if (cell === "process")
      assert.ok(rig.cellMb() < startMb + KEPT_MB, `${startMb} MB became ${rig.cellMb()} MB`);
  });
}

function checkResult(
  cell: CellKind,
  { ends, answers = "ok", peakMb, unmet }: HostileCase,
  result: CaseResult,
): void {
  const { ending, answer, neighbourErrors, standstillMs } = result;
  assert.ok(
    ends.includes(ending),
    `it ended with ${ending}, status ${result.status}: ${answer.slice(0, 300)}`,
  );
  if (ending === "OK" || (ending === "THROW" && answers !== "ok"))
    assert.ok(
      typeof answers === "string" ? answer === answers : answers.test(answer),
      `it answered ${answer.slice(0, 600)}`,
    );
  if (ending === "THROW") assert.not.match(answer, "stranger");
  assert.equal(neighbourErrors, [], "errors of the neighbour");
  assert.ok(standstillMs < STANDSTILL_MS, `the host stood still for ${standstillMs} ms`);
  if (cell === "process")
    assert.ok(result.largestMb < CELL_MEMORY_MB + CELL_GRACE_MB, `a cell held ${result.largestMb} MB`);
  if (peakMb !== undefined && unmet === undefined && cell === "process")
    assert.ok(result.peakMb < peakMb, `the cells held ${result.peakMb} MB more`);
}

function lineOf(one: HostileCase, result: CaseResult): string {
  const { ending, tookMs, cpuMs, standstillMs, peakMb } = result;
  const figures = `${Math.round(tookMs)} ms, CPU ${Math.round(cpuMs)} ms, still ${Math.round(standstillMs)} ms, +${Math.round(peakMb)} MB`;
  return `${String(one.number).padStart(4)}. ${one.name}: ${ending}, ${figures}`;
}
