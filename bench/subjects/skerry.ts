import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { PACKAGE_ROOT } from "../../src/cli/package-root.ts";
import { missingLayers, type SandboxReport } from "../../src/cell/sandbox/sandbox-report.ts";
import type { CellKind } from "../cell-kind.ts";
import { runToEnd } from "./run-to-end.ts";
import { startServer } from "./server-process.ts";
import type { Subject } from "./subject.ts";

const SERVER = join(import.meta.dirname, "servers", `skerry${extname(import.meta.filename)}`);
const NODE_FLAGS = ["--no-node-snapshot"];
const ARGS = [...NODE_FLAGS, SERVER];

/** This project, with the isolates of tenants in process cells (as `serve` has them) or in the host's process. */
export function skerry(cell: CellKind): Subject {
  return {
    name: cell === "process" ? "skerry" : "skerry-in-process",
    title: cell === "process" ? "Skerry, process cells" : "Skerry, in-process cell",
    packageName: null,
    flags: NODE_FLAGS.join(" "),
    abilities: ["tenants", "evicts", "kv", "service", "outbound", "bundles", "versions", "deploys"],
    version: () => {
      const file = readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8");
      return (JSON.parse(file) as { version: string }).version;
    },
    conditions: async (served) => {
      const report = (await served.control!("sandbox")) as SandboxReport | null;
      if (report === null) return "all limits and metering on; no sandbox, which needs process cells";
      const missing = missingLayers(report).map(({ name }) => name);
      return `all limits and metering on; sandbox: ${missing.length === 0 ? "all layers" : `all layers but ${missing.join(", ")}`}`;
    },
    // Deploying is not what a request waits for; each round serves from a copy, with nothing warm.
    prepare: async (site, folder, signal) =>
      await runToEnd(
        process.execPath,
        [...ARGS, "prepare"],
        env(cell, JSON.stringify({ site, folder })),
        signal,
      ),
    start: async (site, folder) =>
      await startServer(process.execPath, ARGS, env(cell, JSON.stringify({ site, folder }))),
  };
}

function env(cell: CellKind, task: string): NodeJS.ProcessEnv {
  return { BENCH_CELL: cell, BENCH_TASK: task };
}
