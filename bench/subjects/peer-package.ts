import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Where the peers are installed: beside this project, and not with it. */
export const PEERS_FOLDER: string = join(import.meta.dirname, "..", "peers");
const MODULES = join(PEERS_FOLDER, "node_modules");

/** Whether a peer's package was installed (`npm ci --prefix bench/peers`). */
export function isInstalled(packageName: string): boolean {
  return existsSync(join(MODULES, packageName, "package.json"));
}

/** Whether a subject can be started here. @param packageName The peer's package that it needs; null for none. */
export function isThere({ packageName }: { readonly packageName: string | null }): boolean {
  return packageName === null || isInstalled(packageName);
}

/** The version of a peer as it is installed. */
export function versionOf(packageName: string): string {
  const text = readFileSync(join(MODULES, packageName, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Loads a peer's package in this process. */
export const requirePeer: NodeJS.Require = createRequire(join(PEERS_FOLDER, "package.json"));

/** Packages that hold a peer's program for one system, in the order in which they are looked for. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  workerd: [
    `@cloudflare/workerd-${process.platform}-${process.arch === "x64" ? "64" : process.arch}/bin/workerd`,
  ],
  deno: ["", "-glibc", "-musl"].map((libc) => `@deno/${process.platform}-${process.arch}${libc}/deno`),
  // Its own install moves the program out of the package of the system.
  bun: [
    ...["", "-musl", "-baseline"].map(
      (kind) => `@oven/bun-${process.platform}-${process.arch}${kind}/bin/bun`,
    ),
    "bun/bin/bun.exe",
  ],
};

/**
 * The path of a peer's program. Their own launchers would need scripts of the install, and add a process.
 * @throws Error where there is none for this system.
 */
export function peerProgram(name: "workerd" | "deno" | "bun"): string {
  const paths = PROGRAMS[name]!.map((path) => join(MODULES, path));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined)
    throw new Error(`${name} has no program for this system: none of ${paths.join(", ")}`);
  return found;
}
