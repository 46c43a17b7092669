import { join } from "node:path";
import { peerProgram, versionOf } from "./peer-package.ts";
import { startServer } from "./server-process.ts";
import type { Subject } from "./subject.ts";

const DENO_FLAGS = ["-A"];

/** Deno and Bun, each as a plain server and with a Worker for each tenant. */
export const DENO_AND_BUN: readonly Subject[] = [
  server("deno", "Deno.serve, one handler", false),
  server("deno", "Deno, a Worker for each tenant", true),
  server("bun", "Bun.serve, one handler", false),
  server("bun", "Bun, a Worker for each tenant", true),
];

function server(packageName: "deno" | "bun", title: string, workers: boolean): Subject {
  const file = join(import.meta.dirname, "servers", `${packageName}.ts`);
  return {
    name: workers ? `${packageName}-workers` : packageName,
    title,
    packageName,
    abilities: workers ? ["tenants", "bundles"] : [],
    ...(packageName === "deno" && { flags: DENO_FLAGS.join(" ") }),
    version: () => versionOf(packageName),
    start: async (site, folder) =>
      await startServer(
        peerProgram(packageName),
        packageName === "deno" ? ["run", ...DENO_FLAGS, file] : ["run", file],
        {
          BENCH_TASK: JSON.stringify({ site, folder }),
          BENCH_WORKERS: workers ? "1" : "0",
        },
      ),
  };
}
