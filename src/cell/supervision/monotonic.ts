const BASE_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Time of the system's monotonic clock in ms, which all processes and threads of a machine share. */
export function monotonicMs(): number {
  return BASE_MS + performance.now();
}
