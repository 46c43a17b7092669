import { join } from "node:path";
import { isInstalled, versionOf } from "./peer-package.ts";
import { startServer } from "./server-process.ts";
import type { Ability, Subject } from "./subject.ts";

/** Subjects that are a server of ours on Node: what Node itself offers, and packages for Node. */
export const NODE_SERVERS: readonly Subject[] = [
  node("raw-http", "node:http alone, the ceiling", null, []),
  node("node-vm", "node:vm, a context for each tenant (no isolation)", null, ["tenants", "bundles"]),
  node("worker-threads", "node:worker_threads, a thread for each tenant", null, ["tenants", "bundles"]),
  node("child-process", "a Node process for each tenant", null, ["tenants"]),
  node("edge-runtime", "edge-runtime, a context for each tenant (no isolation)", "edge-runtime", [
    "tenants",
    "bundles",
  ]),
  node("miniflare", "miniflare (workerd behind a simulator)", "miniflare", [
    "kv",
    "service",
    "outbound",
    "versions",
  ]),
];

function node(
  name: string,
  title: string,
  packageName: string | null,
  abilities: readonly Ability[],
): Subject {
  const server = join(import.meta.dirname, "servers", `${name}.ts`);
  return {
    name,
    title,
    packageName,
    abilities,
    version: () =>
      packageName !== null && isInstalled(packageName) ? versionOf(packageName) : process.version,
    start: async (site, folder) =>
      await startServer(process.execPath, [server], { BENCH_TASK: JSON.stringify({ site, folder }) }),
  };
}
