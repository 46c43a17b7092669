import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Threads and processes of one cell. */
const TASKS = 512;
const PREFIX = "skerry-";
const ROOT = "/sys/fs/cgroup";

/** Groups of the kernel's in which cells are held to memory and tasks. */
export interface CellCgroups {
  /** What they hold, as the kernel calls it. */
  readonly held: readonly string[];
  /** Makes groups for one cell. */
  create(): CellGroup;
  /** Removes the groups of cells that have ended. Best effort. */
  sweep(): void;
}

/** The groups of one cell. */
export interface CellGroup {
  /** Puts a process into them. Best effort; inherited. */
  enter(pid: number): void;
}

/** A place below which groups can be made, and what is written into each. */
interface Place {
  readonly folder: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Looks for groups that this process may make: version 2 with the controllers handed to it, or version 1.
 *
 * @param memoryBytes what a cell may take at most
 * @returns undefined where it may not; `why` then says so
 */
export function openCellCgroups(memoryBytes: number): CellCgroups | { readonly why: string } {
  const places = [...version2(memoryBytes), ...version1(memoryBytes)];
  if (places.length === 0) return { why: "no control group here may be divided by this process" };
  let made = 0;
  const sweep = (): void => {
    for (const { folder } of places) removeDead(folder);
  };
  sweep();
  return {
    held: places.flatMap(({ settings }) => Object.keys(settings)),
    sweep,
    create() {
      sweep();
      const name = `${PREFIX}${process.pid}-${++made}`;
      const folders = places.map((place) => makeGroup(place, name)).filter((folder) => folder !== undefined);
      return {
        enter(pid) {
          for (const folder of folders)
            attempt(() => writeFileSync(join(folder, "cgroup.procs"), String(pid)));
        },
      };
    },
  };
}

function makeGroup({ folder, settings }: Place, name: string): string | undefined {
  const group = join(folder, name);
  const made = attempt(() => {
    mkdirSync(group, { recursive: true });
    for (const [file, value] of Object.entries(settings)) writeFileSync(join(group, file), value);
  });
  return made ? group : undefined;
}

/**
 * A group can be removed when the last process in it is gone: of this host's cells, or of a host that died. One of another
 * host may be empty because its cell is just about to enter it.
 */
function removeDead(folder: string): void {
  attempt(() => {
    for (const name of readdirSync(folder)) {
      const [pid] = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split("-") : [];
      if (pid === undefined || (Number(pid) !== process.pid && existsSync(`/proc/${pid}`))) continue;
      attempt(() => rmdirSync(join(folder, name)));
    }
  });
}

/** Whether a group with these settings can be made there. */
function works(place: Place): boolean {
  const group = makeGroup(place, `${PREFIX}${process.pid}-probe`);
  attempt(() => rmdirSync(join(place.folder, `${PREFIX}${process.pid}-probe`)));
  return group !== undefined;
}

function version2(memoryBytes: number): Place[] {
  const own = ownCgroup("");
  if (own === undefined) return [];
  const mount = [ROOT, join(ROOT, "unified")].find(
    (path) => readText(join(path, "cgroup.controllers")) !== "",
  );
  if (mount === undefined) return [];
  // Beside this process's own group where there are processes in that, as such a one cannot be divided.
  for (const folder of new Set([join(mount, own), dirname(join(mount, own))])) {
    if (!folder.startsWith(mount) || !isWritable(folder)) continue;
    const offered = readText(join(folder, "cgroup.controllers")).split(/\s+/);
    const wanted = ["memory", "pids"].filter((controller) => offered.includes(controller));
    const subtree = join(folder, "cgroup.subtree_control");
    if (!attempt(() => writeFileSync(subtree, wanted.map((name) => `+${name}`).join(" ")))) continue;
    const given = readText(subtree).split(/\s+/);
    const settings = {
      ...(given.includes("memory") && { "memory.max": String(memoryBytes), "memory.oom.group": "1" }),
      ...(given.includes("pids") && { "pids.max": String(TASKS) }),
    };
    const place = { folder, settings };
    if (Object.keys(settings).length > 0 && works(place)) return [place];
  }
  return [];
}

function version1(memoryBytes: number): Place[] {
  const wanted = {
    memory: { "memory.limit_in_bytes": String(memoryBytes) },
    pids: { "pids.max": String(TASKS) },
  };
  return Object.entries(wanted).flatMap(([controller, settings]) => {
    const own = ownCgroup(controller);
    if (own === undefined) return [];
    const place = { folder: join(ROOT, controller, own), settings };
    return isWritable(place.folder) && basename(place.folder) !== "" && works(place) ? [place] : [];
  });
}

/** This process's own group: of the controller, or of version 2 for an empty name. Undefined where there is none. */
export function ownCgroup(controller: string): string | undefined {
  return readText("/proc/self/cgroup")
    .split("\n")
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .find((match) => match !== null && match[1]!.split(",").includes(controller))?.[2];
}

function isWritable(folder: string): boolean {
  return attempt(() => accessSync(folder, constants.W_OK));
}

function readText(file: string): string {
  try {
    return readFileSync(file, "latin1").trim();
  } catch {
    return "";
  }
}

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
