/**
 * Resolves at the first SIGINT or SIGTERM; a second one ends the process at once.
 * @param endAtOnce does that
 */
export async function untilStopped(endAtOnce = (): void => process.exit(130)): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return endAtOnce();
    stopping = true;
    resolve(signal);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return await promise;
}
