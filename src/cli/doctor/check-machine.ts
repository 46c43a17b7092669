import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { ownCgroup } from "../../cell/sandbox/cell-cgroup.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

const MIB = 1024 ** 2;
const LEAST_MB = 512;
const GOOD_MB = 2_048;
const LEAST_FILES = 256;
const GOOD_FILES = 8_192;
/** Each isolate has some hundred maps. */
const GOOD_MAPS = 65_530;
/** Before this Skerry was there, so no clock that is right says so. */
const LEAST_TIME = Date.UTC(2025, 0, 1);

/** What the machine has: cores, memory, files that may be open, maps of memory, a clock. */
export function checkMachine(): Finding[] {
  return [
    ok("cores", String(availableParallelism())),
    memory(),
    ...openFiles(),
    ...memoryMaps(),
    ...priorities(),
    clock(),
  ];
}

function memory(): Finding {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  const mb = Math.floor(bytes / MIB);
  const detail = `${mb} MB${bytes < totalmem() ? ", by a limit on this process" : ""}`;
  if (mb < LEAST_MB) return fail("memory", detail, `give it ${LEAST_MB} MB at least`);
  return mb < GOOD_MB ? warn("memory", detail, "lower warm.maxIsolates and cells") : ok("memory", detail);
}

function openFiles(): Finding[] {
  const text = systemText("/proc/self/limits");
  const most = Number(/^Max open files +\S+ +(\d+)/m.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(most)) return [];
  const detail = `${most} at once`;
  const remedy = "raise the limit: ulimit -n, or LimitNOFILE= of the unit";
  if (most < LEAST_FILES) return [fail("open files", detail, remedy)];
  return [most < GOOD_FILES ? warn("open files", detail, remedy) : ok("open files", detail)];
}

function memoryMaps(): Finding[] {
  const most = Number(systemText("/proc/sys/vm/max_map_count"));
  if (most === 0) return [];
  const detail = `${most} (vm.max_map_count)`;
  return most < GOOD_MAPS
    ? [warn("memory maps", detail, `sysctl -w vm.max_map_count=${GOOD_MAPS}: many isolates need many`)]
    : [ok("memory maps", detail)];
}

/** Whether the kernel lets the threads of cells give way to the host's loop. */
function priorities(): Finding[] {
  if (systemText("/proc/sys/kernel/sched_autogroup_enabled").trim() !== "1") return [];
  const name = "priorities";
  if (isInCpuGroup()) return [ok(name, "compared within the control group of this process")];
  if (process.geteuid?.() === 0)
    return [ok(name, "compared within a session, which cells share with a host that has no terminal")];
  const detail =
    "compared within a session only, and each cell has its own: tenants that compute hold the host up";
  return [warn(name, detail, "CPUWeight=100 in the unit, or sysctl -w kernel.sched_autogroup_enabled=0")];
}

/** Whether this process is in a group that has CPU of its own: there the kernel does not look at sessions. */
function isInCpuGroup(): boolean {
  if ((ownCgroup("cpu") ?? "/") !== "/") return true;
  const unified = ownCgroup("");
  // In a container its own group stands at the root, which has a weight there only.
  return unified !== undefined && existsSync(join("/sys/fs/cgroup", unified, "cpu.weight"));
}

function clock(): Finding {
  const now = new Date();
  return now.getTime() < LEAST_TIME
    ? fail("clock", `it says ${now.toISOString()}`, "set it: certificates, caches and crons go by it")
    : ok("clock", now.toISOString());
}

function systemText(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
