import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Which processors the client and the servers run on, as lists for taskset; null where the system chooses. */
export interface Pinning {
  readonly client: string | null;
  readonly servers: string | null;
  /** What was done, or why nothing, for the report. */
  readonly text: string;
}

/** With fewer processors, one that is taken from the servers would be measured more than anything else. */
const LEAST_PROCESSORS = 4;
const FREE = { client: null, servers: null } as const;

/**
 * Decides where processes run.
 *
 * @param wanted `auto` gives the client the last processor, where there are four or more; `off`; or the number of the
 * client's processor, such as `3`. The servers have the others.
 * @throws RangeError for anything else, and where processes cannot be pinned though it was asked for.
 */
export function choosePinning(
  wanted: string,
  allowed: readonly number[] = allowedProcessors(),
  canPin: () => boolean = hasTaskset,
): Pinning {
  if (wanted === "off") return { ...FREE, text: "not pinned: off" };
  const isAuto = wanted === "auto";
  if (isAuto && allowed.length < LEAST_PROCESSORS)
    return { ...FREE, text: `not pinned: ${allowed.length} are too few to give the client one of its own` };
  const client = isAuto ? allowed.at(-1)! : Number(wanted);
  if (!/^(?:auto|\d+)$/.test(wanted) || !allowed.includes(client) || allowed.length < 2)
    throw new RangeError(
      `--pin is ${JSON.stringify(wanted)}; it must be auto, off, or one of the processors ${allowed.join(", ")}, of two or more`,
    );
  if (!canPin()) {
    if (isAuto) return { ...FREE, text: "not pinned: taskset is missing, or may not do it" };
    throw new RangeError(`--pin is ${JSON.stringify(wanted)}, but taskset is missing, or may not do it`);
  }
  const servers = allowed.filter((cpu) => cpu !== client).join(",");
  return { client: String(client), servers, text: `client on ${client}, servers on ${servers} (taskset)` };
}

/** Those that this process may run on, which need not begin with 0: in a container they are some of many. */
function allowedProcessors(): number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))![1]!;
    return list.split(",").flatMap((part) => {
      const [first = 0, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
  } catch {
    return Array.from({ length: availableParallelism() }, (_, cpu) => cpu);
  }
}

function hasTaskset(): boolean {
  try {
    execFileSync("taskset", ["-c", "0", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
