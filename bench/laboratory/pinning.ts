import { execFileSync } from "node:child_process";
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
  processors: number = availableParallelism(),
  canPin: () => boolean = hasTaskset,
): Pinning {
  if (wanted === "off") return { ...FREE, text: "not pinned: off" };
  const isAuto = wanted === "auto";
  if (isAuto && processors < LEAST_PROCESSORS)
    return { ...FREE, text: `not pinned: ${processors} are too few to give the client one of its own` };
  const client = isAuto ? processors - 1 : Number(wanted);
  if (!/^(?:auto|\d+)$/.test(wanted) || client >= processors || processors < 2)
    throw new RangeError(
      `--pin is ${JSON.stringify(wanted)}; it must be auto, off, or a processor from 0 to ${processors - 1} of two or more`,
    );
  if (!canPin()) {
    if (isAuto) return { ...FREE, text: "not pinned: taskset is missing, or may not do it" };
    throw new RangeError(`--pin is ${JSON.stringify(wanted)}, but taskset is missing, or may not do it`);
  }
  const others = Array.from({ length: processors }, (_, cpu) => cpu).filter((cpu) => cpu !== client);
  const servers = others.join(",");
  return { client: String(client), servers, text: `client on ${client}, servers on ${servers} (taskset)` };
}

function hasTaskset(): boolean {
  try {
    execFileSync("taskset", ["-c", "0", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
