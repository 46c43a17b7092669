import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";

/** What figures were measured on, as far as it matters to them. */
export function machineFacts(): Record<string, string> {
  const cores = cpus();
  return {
    cpu: `${cores.length} x ${cores[0]?.model.trim() ?? "unknown"}`,
    memory: `${Math.round(totalmem() / 1024 ** 3)} GB`,
    system: `${process.platform} ${release()} ${process.arch}`,
    load: `${loadavg()[0]!.toFixed(2)} when it began`,
    node: process.versions.node,
    v8: process.versions.v8,
    // An installed package lies in a checkout of somebody else's, whose commit says nothing.
    ...(import.meta.filename.endsWith(".ts") && { commit: commit() }),
  };
}

/** What the processors did since the system started, in ticks: all, and what a hypervisor gave to others. */
export interface ProcessorTicks {
  readonly all: number;
  readonly stolen: number;
}

/** Undefined where the system does not say. */
export function processorTicks(): ProcessorTicks | undefined {
  try {
    // user nice system idle iowait irq softirq steal; what follows is in them.
    const ticks = readFileSync("/proc/stat", "utf8").split("\n")[0]!.split(/ +/).slice(1, 9).map(Number);
    return { all: ticks.reduce((sum, one) => sum + one, 0), stolen: ticks[7] ?? 0 };
  } catch {
    return undefined;
  }
}

/** How busy the machine was since then, as far as the system says. */
export function loadSince(before: ProcessorTicks | undefined): Record<string, string> {
  const after = processorTicks();
  const stolen =
    before !== undefined && after !== undefined && after.all > before.all
      ? {
          stolen: `${(((after.stolen - before.stolen) / (after.all - before.all)) * 100).toFixed(1)} % of the processors' time went to other machines`,
        }
      : {};
  return { "load at the end": `${loadavg()[0]!.toFixed(2)}`, ...stolen };
}

function commit(): string {
  try {
    const git = (...args: string[]): string =>
      execFileSync("git", args, {
        cwd: import.meta.dirname,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    return (
      git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") === "" ? "" : ", with changes")
    );
  } catch {
    return "none";
  }
}
