import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultCacheFolder } from "../cache-folder.ts";
import { type CellCgroups, openCellCgroups } from "./cell-cgroup.ts";
import { cellFiles } from "./cell-files.ts";
import { hasTerminal } from "./controlling-terminal.ts";
import { type Enclosure, enclosures } from "./enclosure.ts";
import { imageForOthers } from "./image-for-others.ts";
import { type InsideFacts, probeInside } from "./inside-probe.ts";
import type { Launch } from "./launch.ts";
import { raiseOomScore } from "./oom-score.ts";
import { makePreparedImage } from "./prepared-image.ts";
import { childrenOf, forTree } from "./process-tree.ts";
import { sandboxLayers } from "./sandbox-layers.ts";
import type { SandboxMode, SandboxReport } from "./sandbox-report.ts";
import { SandboxUnavailable } from "./sandbox-unavailable.ts";
import { sharedLibraries } from "./shared-libraries.ts";
import { findSystemTools } from "./system-tools.ts";

const MIB = 1024 * 1024;
/** What a cell may take over its own memory before the kernel ends it, in MB. */
const MEMORY_SLACK_MB = 128;
/** Time that a process needs to be gone after SIGKILL. */
const LINGER_MS = 250;

export interface SandboxOptions {
  readonly mode: Exclude<SandboxMode, "off">;
  /** A folder of the host's own for the image that cells start from, and for an empty folder. @default in the user's cache */
  readonly folder?: string | undefined;
  /** What a cell may take of memory by its own count, in MB. @default no bound by control groups */
  readonly memoryMb?: number | undefined;
}

/** What stands around the cells of a host. */
export interface Sandbox {
  readonly report: SandboxReport;
  /** The file with the image that cells start from: all that is theirs to read outside Skerry's code. */
  readonly preparedImage: string;
  /** How a cell's child is started, given Node's arguments. */
  readonly launch: (nodeArgs: readonly string[]) => Launch;
  /** Removes what was made for cells that have ended. */
  close(): void;
}

/**
 * Finds out what this machine offers to keep a cell in, by starting a process in it, and applies all of it. Takes
 * about as long as Node takes to start; on systems other than Linux only Node's permission model is left.
 *
 * @throws SandboxUnavailable in mode `require`, naming the essential layers that are missing
 */
export async function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { mode, memoryMb } = options;
  const folder = ownFolder(options.folder ?? defaultCacheFolder());
  const { preparedImage, restoreImage, enclosure, facts, failures } = await remembered(folder);
  const groups = openGroups(memoryMb);
  const layers = sandboxLayers({
    facts,
    enclosure: enclosure.name,
    failures,
    groups: "why" in groups ? [] : groups.held,
    groupsWhy: "why" in groups ? groups.why : "",
  });
  // A process may signal its group: only a user of its own may share that with the host.
  const inSession = layers.some(({ name, applied }) => name === "user" && applied) && !hasTerminal();
  const missing = layers.filter(({ essential, applied }) => essential && !applied);
  if (mode === "require" && missing.length > 0) throw new SandboxUnavailable(missing);
  return {
    report: { mode, layers },
    preparedImage,
    launch: (nodeArgs) => ({
      ...launchIn(enclosure, inSession, "why" in groups ? undefined : groups, nodeArgs),
      fault: faultOf(restoreImage),
    }),
    close() {
      if ("why" in groups) return;
      groups.sweep();
      // Of cells that are dying still. What is left then is for the next host.
      setTimeout(() => groups.sweep(), LINGER_MS).unref();
    },
  };
}

/** What holds for this machine and this code, and does not change while the process lives. */
interface Ground {
  readonly preparedImage: string;
  /** Puts it back where it was removed. @throws Error where that cannot be done */
  readonly restoreImage: () => void;
  readonly enclosure: Enclosure;
  readonly facts: InsideFacts;
  readonly failures: readonly string[];
}

const grounds = new Map<string, Promise<Ground>>();

function remembered(folder: string): Promise<Ground> {
  const known = grounds.get(folder);
  if (known !== undefined) return known;
  const ground = explore(folder);
  grounds.set(folder, ground);
  ground.catch(() => grounds.delete(folder));
  return ground;
}

async function explore(folder: string): Promise<Ground> {
  const base = join(folder, "cell-root");
  mkdirSync(base, { recursive: true, mode: 0o755 });
  const onLinux = process.platform === "linux";
  const tools = onLinux ? findSystemTools() : {};
  const image = makePreparedImage(folder);
  // Handled below; the other wait may fail first.
  image.catch(() => {});
  const files = cellFiles([]);
  const programs = [files.node, tools.prlimit, tools.setpriv].filter((tool) => tool !== undefined);
  const libraries = onLinux ? await sharedLibraries(programs) : { files: [], folders: [] };
  const parts = { tools, libraries, base };
  const candidates = enclosures({ ...parts, files });
  const { index, facts, failures } = await strongest(candidates, files.isolatedVm);
  const made = await image;
  const seesHost = !candidates[index]!.wraps;
  const copy = seesHost && facts.user !== process.geteuid?.() ? imageForOthers(made) : undefined;
  const preparedImage = copy?.path ?? made;
  const enclosure = enclosures({ ...parts, files: cellFiles([preparedImage]) })[index]!;
  return { preparedImage, restoreImage: copy?.restore ?? (() => {}), enclosure, facts, failures };
}

let temporary: string | undefined;

/** The folder if it can be made and written; else one among the temporary files, which goes with this process. */
function ownFolder(wanted: string | undefined): string {
  try {
    if (wanted !== undefined) {
      mkdirSync(wanted, { recursive: true, mode: 0o700 });
      accessSync(wanted, constants.W_OK);
      return wanted;
    }
  } catch {
    // The next start makes the image anew, which takes about a second.
  }
  if (temporary !== undefined) return temporary;
  const made = (temporary = mkdtempSync(join(tmpdir(), "skerry-")));
  process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  return made;
}

function openGroups(memoryMb: number | undefined): ReturnType<typeof openCellCgroups> {
  if (process.platform !== "linux") return { why: "only Linux has them" };
  return openCellCgroups(memoryMb === undefined ? 2 ** 40 : (memoryMb + MEMORY_SLACK_MB) * MIB);
}

async function strongest(
  candidates: readonly Enclosure[],
  isolatedVm: string,
): Promise<{ index: number; facts: InsideFacts; failures: string[] }> {
  const failures: string[] = [];
  for (const [index, enclosure] of candidates.entries()) {
    try {
      return { index, facts: await probeInside(enclosure, isolatedVm), failures };
    } catch (error) {
      failures.push(`${enclosure.name}: ${(error as Error).message}`);
    }
  }
  throw new Error(`a cell cannot be started in any way: ${failures.join("; ")}`);
}

function faultOf(act: () => void): Error | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function launchIn(
  enclosure: Enclosure,
  inSession: boolean,
  groups: CellCgroups | undefined,
  nodeArgs: readonly string[],
): Launch {
  const [command = "", ...args] = enclosure.command(nodeArgs, inSession);
  const group = groups?.create();
  let node: number | undefined;
  return {
    command,
    args,
    env: enclosure.env,
    cwd: "/",
    // Linux compares priorities within a session only: in that of the host the cells' threads give way to its loop.
    detached: !inSession,
    spawned: (pid) =>
      forTree(pid, (member) => {
        group?.enter(member);
        raiseOomScore(member);
      }),
    // The process in front has one child, which becomes Node.
    nodePid: (pid) => (enclosure.wraps ? ((node ??= childrenOf(pid)[0]) ?? pid) : pid),
  };
}
