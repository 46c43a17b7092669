import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Project, Source } from "./project.ts";

/** How projects are fetched. */
export interface FetchOptions {
  /** Where they are kept between runs. */
  readonly work: string;
  /** What stands before `owner/name`. @default "https://github.com/" */
  readonly gitBase?: string;
}

const FETCH_MS = 600_000;
/** Scripts of packages are not run: nothing of what a worker is made of needs them. */
const INSTALL = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps"];

/**
 * Brings a project onto this machine as it is, with the packages that it needs.
 * @returns its folder
 * @throws where it cannot be fetched, with the last words of git or npm
 */
export function fetchProject({ name, source }: Project, options: FetchOptions): string {
  const installed = installedFolder(source);
  if (installed !== null) return installed;
  const home = join(resolve(options.work), name.replaceAll(/[^\w.-]+/g, "+"));
  const folder = "create" in source ? join(home, "app") : join(home, "files", source.folder ?? ".");
  const done = join(home, ".fetched");
  if (existsSync(done)) return folder;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  if ("npm" in source) fromNpm(source.npm, home);
  else if ("create" in source) {
    const quiet = ["--no-deploy", "--no-git", "--no-open", "--accept-defaults"];
    run("npx", ["--yes", source.create, "app", ...source.args, ...quiet], home);
  } else fromGit(source, home, folder, options.gitBase ?? "https://github.com/");
  writeFileSync(done, "");
  return folder;
}

/** The folder of a package that is installed here in the version that is asked for. */
export function installedFolder(source: Source): string | null {
  if (!("npm" in source) || source.installed === undefined) return null;
  const file = join("node_modules", source.installed, "package.json");
  if (!existsSync(file)) return null;
  const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name: string; version: string };
  return `${name}@${version}` === source.npm
    ? resolve("node_modules", source.installed, source.folder ?? ".")
    : null;
}

function fromNpm(spec: string, home: string): void {
  const [file = ""] = run("npm", ["pack", spec, "--silent"], home).trim().split("\n").slice(-1);
  run("tar", ["xzf", file], home);
  renameSync(join(home, "package"), join(home, "files"));
}

function fromGit(
  { git, commit, folder, install }: Extract<Source, { git: string }>,
  home: string,
  into: string,
  base: string,
): void {
  const files = join(home, "files");
  run("git", ["init", "-q", files], home);
  run("git", ["fetch", "-q", "--depth", "1", base + git, commit], files);
  run("git", ["checkout", "-q", commit, "--", folder ?? "."], files);
  if (install === undefined && existsSync(join(into, "package.json"))) run("npm", INSTALL, into);
  // Beside the project and not in it: what its package.json names cannot be installed by everybody.
  else if (install !== undefined && install.length > 0)
    run("npm", [...INSTALL, "--prefix", files, "--no-save", ...install], home);
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: FETCH_MS,
    env: {
      ...process.env,
      CI: "1",
      WRANGLER_SEND_METRICS: "false",
      CREATE_CLOUDFLARE_TELEMETRY_DISABLED: "1",
    },
  });
}
