import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { peerProgram, versionOf } from "./peer-package.ts";
import { startServer } from "./server-process.ts";
import type { Site } from "./site.ts";
import type { Subject } from "./subject.ts";
import { boundedLoaderConfig, type ConfigFiles, loaderConfig, staticConfig } from "./workerd-config.ts";

/** Its Worker Loader is behind that. */
const LOADER_FLAGS = ["--experimental"];

/** workerd: one worker of its config, and tenants that its Worker Loader starts: all of them, or as many as may be warm. */
export const WORKERD: readonly Subject[] = [
  {
    name: "workerd",
    title: "workerd, one worker of its config",
    packageName: "workerd",
    abilities: ["service", "outbound"],
    version: () => versionOf("workerd"),
    start: async (site, folder) => await serve(staticConfig(site), folder, []),
  },
  {
    name: "workerd-loader",
    title: "workerd, tenants by its Worker Loader",
    packageName: "workerd",
    abilities: ["tenants", "bundles"],
    version: () => versionOf("workerd"),
    flags: LOADER_FLAGS.join(" "),
    start: async (site: Site, folder) => await serve(loaderConfig(site), folder, LOADER_FLAGS),
  },
  {
    name: "workerd-lru",
    title: "workerd, tenants by its Worker Loader, of which a Durable Object keeps those asked last",
    packageName: "workerd",
    abilities: ["tenants", "bundles", "evicts"],
    version: () => versionOf("workerd"),
    flags: LOADER_FLAGS.join(" "),
    start: async (site: Site, folder) => await serve(boundedLoaderConfig(site), folder, LOADER_FLAGS),
  },
];

async function serve(
  files: ConfigFiles,
  folder: string,
  flags: readonly string[],
): ReturnType<Subject["start"]> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  // It says where it listens on the descriptor that it is told: its own standard output.
  return await startServer(peerProgram("workerd"), [
    "serve",
    join(folder, "config.capnp"),
    "--control-fd=1",
    ...flags,
  ]);
}
