import type { Limits } from "./limits.ts";

/** What holds where nobody set anything. */
export const DEFAULT_LIMITS: Limits = {
  memoryMb: 128,
  cpuMs: 50,
  pbkdf2Iterations: 1_000_000,
  wallMs: 30_000,
  startupCpuMs: 400,
  subrequests: 50,
  scriptBytes: 64 * 1024 * 1024,
  requestBodyBytes: 100 * 1024 * 1024,
  isolateConcurrency: 64,
  accountConcurrency: 1_000,
  accountSockets: 1_000,
  socketMessageBytes: 32 * 1024 * 1024,
  egressResponseBytes: 5 * 1024 * 1024 * 1024,
  logLines: 256,
  logBytes: 128 * 1024,
  waitUntilMs: 30_000,
};

/** The range that each limit may have at all: smallest, largest. */
export const LIMIT_RANGES: Readonly<Record<keyof Limits, readonly [min: number, max: number]>> = {
  memoryMb: [8, 4_096],
  cpuMs: [1, 300_000],
  pbkdf2Iterations: [0, 100_000_000],
  wallMs: [100, 3_600_000],
  startupCpuMs: [1, 30_000],
  subrequests: [0, 100_000],
  scriptBytes: [1, 64 * 1024 * 1024],
  requestBodyBytes: [0, 5 * 1024 * 1024 * 1024],
  isolateConcurrency: [1, 10_000],
  accountConcurrency: [1, 1_000_000],
  accountSockets: [0, 1_000_000],
  socketMessageBytes: [1, 32 * 1024 * 1024],
  egressResponseBytes: [0, 1024 ** 4],
  logLines: [0, 1_000],
  logBytes: [0, 256 * 1024],
  waitUntilMs: [0, 300_000],
};
