import { summarize } from "../../../bench/statistics/summarize.ts";
import type { SoakResult } from "./soak-run.ts";

/** What a soak promises, each with whether it held. */
export interface Promised {
  readonly what: string;
  readonly held: boolean;
  readonly figure: string;
}

/** A share of the start that may stay, of memory. */
const KEPT = 1.1;

/** Judges a soak. Times are figures, not promises, since the machine may be busy. */
export function promisesOf(result: SoakResult): Promised[] {
  const { tally, before, after, neighbours, stuck } = result;
  const promised = (what: string, held: boolean, figure: string): Promised => ({ what, held, figure });
  return [
    promised(
      "every case ends as it should",
      tally.broken.length === 0,
      `${tally.broken.length} of ${tally.runs} do not`,
    ),
    promised(
      "no error of a neighbour",
      neighbours.errorCount === 0,
      `${neighbours.errorCount} of ${neighbours.tookUs.count}`,
    ),
    promised("no fault of the host", result.faults.length === 0, `${result.faults.length}`),
    promised(
      "memory of the host is back",
      after.hostMb <= before.hostMb * KEPT,
      megabytes(before.hostMb, after.hostMb),
    ),
    promised(
      "memory of the cells is back",
      after.cellsMb <= before.cellsMb * KEPT,
      megabytes(before.cellsMb, after.cellsMb),
    ),
    promised(
      "no process is left",
      result.processesAfter <= result.processesBefore,
      `${result.processesBefore} -> ${result.processesAfter}`,
    ),
    promised("no thread is stuck", stuck.length === 0, stuck.join("; ") || "0"),
  ];
}

/** The report, as text. */
export function soakReport(result: SoakResult): string {
  const { tally, neighbours } = result;
  const { tookUs } = neighbours;
  const lines = [
    `${tally.runs} runs in ${result.seconds.toFixed(0)} s, ${neighbours.deaths} cells lost`,
    "",
    ...promisesOf(result).map(
      ({ what, held, figure }) => `${held ? "holds " : "BROKEN"}  ${what}: ${figure}`,
    ),
    "",
    `event loop of the host      p99 ${ms(result.lagP99Ms)}, max ${ms(result.lagMaxMs)}`,
    `neighbours                  p50 ${ms(tookUs.percentile(50) / 1e3)}, p99 ${ms(tookUs.percentile(99) / 1e3)}, max ${ms(tookUs.max / 1e3)}`,
    `their wait beside a death   ${quantiles(neighbours.gapsMs)}`,
  ];
  for (const kind of ["cpu", "memory", "kill"] as const) {
    const stopped = tally.overCpuMs[kind].length;
    if (stopped === 0) continue;
    lines.push(
      `stopped for CPU, ${kind.padEnd(10)} n ${stopped}; CPU over the limit ${quantiles(tally.overCpuMs[kind])}; time over it ${quantiles(tally.overWallMs[kind])}`,
    );
  }
  lines.push("", "outcomes by case");
  for (const [name, counts] of [...tally.outcomes].sort(([a], [b]) => a.localeCompare(b)))
    lines.push(`  ${name}: ${[...counts].map(([outcome, count]) => `${outcome} ${count}`).join(", ")}`);
  for (const [title, all] of [
    ["broken", tally.broken],
    ["errors of neighbours", neighbours.errors],
    ["faults", result.faults],
  ] as const) {
    if (all.length === 0) continue;
    lines.push("", title, ...counted(all).slice(0, 40));
  }
  return lines.join("\n");
}

function counted(all: readonly string[]): string[] {
  const counts = Map.groupBy(all, (text) => text);
  return [...counts].map(([text, same]) => `  ${same.length} x ${text}`);
}

function quantiles(samples: readonly number[]): string {
  if (samples.length === 0) return "none";
  const { p50, p99 } = summarize(samples);
  return `p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(Math.max(...samples))}`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function megabytes(before: number, after: number): string {
  return `${before.toFixed(0)} -> ${after.toFixed(0)} MB`;
}
