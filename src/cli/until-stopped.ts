import { endHung } from "./end-hung.ts";

/** Time that the end may take after the grace of the events, in ms. */
const CLOSE_MS = 1_000;

/**
 * Resolves at the first SIGINT or SIGTERM. From then on the process has `graceMs` and a second to end by itself; a
 * second signal ends it at once.
 */
export async function untilStopped(graceMs: number): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return endHung();
    stopping = true;
    // Whatever keeps the loop alive until then (a look-up of a name, a disk that hangs) is not waited for.
    setTimeout(endHung, graceMs + CLOSE_MS).unref();
    resolve(signal);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return await promise;
}
