import type { Limits } from "../../src/index.ts";

/**
 * Limits of workers for which a test says nothing else: a machine that stands still may charge that time to whoever
 * runs, and nobody's progress is seen meanwhile.
 */
export const WIDE_LIMITS: Partial<Limits> = { cpuMs: 5_000, startupCpuMs: 10_000, wallMs: 60_000 };
