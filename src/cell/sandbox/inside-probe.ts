import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Enclosure } from "./enclosure.ts";
import { OOM_SCORE } from "./oom-score.ts";
import { hasLimits } from "./resource-limits.ts";

/** Long for a start of Node: a busy machine shall not lose a layer by it. */
const WAIT_MS = 20_000;

/** What a process saw that was started as a cell is. */
export interface InsideFacts {
  readonly ownFiles: boolean;
  readonly noNetwork: boolean;
  readonly ownProcesses: boolean;
  readonly user: number;
  readonly noNewPrivileges: boolean;
  readonly noCapabilities: boolean;
  readonly limits: boolean;
  readonly counted: boolean;
  readonly permissions: boolean;
  readonly noEnvironment: boolean;
  readonly oom: boolean;
  readonly filtered: boolean;
}

interface Raw {
  readonly status: string;
  readonly limits: string;
  readonly mounts: string;
  readonly oom: string;
  readonly interfaces: readonly string[];
  readonly pid: number;
  readonly permissions: boolean;
  readonly env: readonly string[];
}

/** Runs inside. It loads the native module as well: a sandbox in which cells cannot live is none. */
const SCRIPT = `const {readFileSync}=require("node:fs");const own=(n)=>{try{return readFileSync("/proc/self/"+n,"latin1")}catch{return ""}};
require(process.argv[1]);const {permission}=process;
process.stdout.write(JSON.stringify({status:own("status"),limits:own("limits"),mounts:own("mountinfo"),oom:own("oom_score_adj"),
interfaces:Object.keys(require("node:os").networkInterfaces()),pid:process.pid,
permissions:permission!==undefined&&!permission.has("fs.read","/etc/passwd")&&!permission.has("fs.write")&&!permission.has("child"),env:Object.keys(process.env)}))`;

/**
 * Starts a process as a cell would be started, and asks it what it sees.
 *
 * @param isolatedVm folder of the native module's package
 * @throws Error with what the start printed, where it fails or takes too long
 */
export async function probeInside(
  { command, env }: Pick<Enclosure, "command" | "env">,
  isolatedVm: string,
): Promise<InsideFacts> {
  const [program = "", ...args] = command(["--no-node-snapshot", "-e", SCRIPT, isolatedVm]);
  const raw = JSON.parse(await output(program, args, env)) as Raw;
  const status = (field: string): string =>
    new RegExp(`^${field}:\\s*(\\S+)`, "m").exec(raw.status)?.[1] ?? "";
  const none = (field: string): boolean => /^0+$/.test(status(field));
  return {
    ownFiles: raw.mounts !== "" && rootDevice(raw.mounts) !== rootDevice(hostMounts()),
    noNetwork: raw.interfaces.length === 0,
    ownProcesses: raw.pid === 1,
    user: Number(status("Uid")),
    noNewPrivileges: status("NoNewPrivs") === "1",
    noCapabilities: none("CapEff") && none("CapPrm") && none("CapAmb"),
    limits: hasLimits(raw.limits, false),
    counted: hasLimits(raw.limits, true),
    permissions: raw.permissions,
    noEnvironment: raw.env.length === 0,
    oom: Number(raw.oom) === OOM_SCORE,
    filtered: status("Seccomp") === "2",
  };
}

/** The device that holds the root, in the text of `/proc/self/mountinfo`. */
function rootDevice(mounts: string): string | undefined {
  return [...mounts.matchAll(/^\d+ \d+ (\d+:\d+) \S+ \/ /gm)].at(-1)?.[1];
}

function hostMounts(): string {
  try {
    return readFileSync("/proc/self/mountinfo", "latin1");
  } catch {
    return "";
  }
}

function output(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env, cwd: "/", timeout: WAIT_MS, killSignal: "SIGKILL" } as const;
    execFile(program, args, options, (error, text, errors) => {
      if (error === null) return resolve(text);
      const [first = ""] = errors.trim().split("\n");
      reject(new Error(error.killed === true ? `no answer within ${WAIT_MS} ms` : first || error.message));
    });
  });
}
