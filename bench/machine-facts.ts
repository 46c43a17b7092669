import { execFileSync } from "node:child_process";
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
