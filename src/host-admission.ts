import { availableParallelism } from "node:os";
import { Admission } from "./admission/admission.ts";
import { type AdmissionOptions, DEFAULT_ADMISSION } from "./admission/options.ts";
import { type FoundPaces, Pacer } from "./admission/pacer.ts";
import { systemClock } from "./clock/clock.ts";
import type { Paces } from "./clock/paces.ts";
import type { HostOptions } from "./host-options.ts";
import { ownOptions } from "./own-options.ts";
import type { AccountNumbers } from "./warm/account-numbers.ts";
import { CellPaces } from "./warm/cell-paces.ts";
import type { Fleet } from "./warm/fleet.ts";

/** What decides which events may begin. */
export function makeAdmission(options: HostOptions): Admission {
  const settings = { ...DEFAULT_ADMISSION, ...options.admission };
  return new Admission(settings, systemClock, (account) => {
    const { weight = 1, cpuMsPerMinute = settings.accountCpuMsPerMinute } = ownOptions(options, account);
    return { weight, cpuMsPerMinute: cpuMsPerMinute === 0 ? Infinity : cpuMsPerMinute };
  });
}

/** Log lines of an account in a second; Infinity for no bound. */
export function logLinesPerS({ admission }: HostOptions): number {
  const lines = admission?.accountLogLinesPerSecond ?? DEFAULT_ADMISSION.accountLogLinesPerSecond;
  return lines === 0 ? Infinity : lines;
}

/**
 * How long an account has to wait before it uses more of the host's loop, in ms.
 * @returns undefined where nothing is kept free: nobody is ever held, and nothing need be counted for it
 */
export function heldBy(
  { reserve = DEFAULT_ADMISSION.reserve }: AdmissionOptions = {},
  inHost: Paces<string>,
): ((account: string) => number) | undefined {
  return reserve === 0 ? undefined : (account) => inHost.waitMs(account, systemClock.monotonicMs());
}

/** Has accounts held to a pace at which some of the machine's CPU is left for those that use little. */
export function keepReserve(
  { reserve = DEFAULT_ADMISSION.reserve }: AdmissionOptions = {},
  admission: Admission,
  fleet: Fleet,
  numbers: AccountNumbers,
  inHost: Paces<string>,
): void {
  if (reserve === 0) return;
  const inCells = new CellPaces(fleet, numbers);
  const usedUs = (): number => {
    const { user, system } = process.cpuUsage();
    return user + system + fleet.cpuMs * 1_000;
  };
  const pace = (found: FoundPaces, nowMs: number): void => {
    inCells.pace(found.inCells);
    inHost.set(found.inHost, nowMs);
  };
  const cores = availableParallelism();
  admission.pacedBy(new Pacer({ cores, reserve, usedUs, pace }, systemClock.monotonicMs()));
}
