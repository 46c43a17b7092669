/** Environment variable with the processors of each kind of process, as a list for taskset; see `choosePinning`. */
const VARIABLES = { client: "BENCH_CLIENT_CPUS", servers: "BENCH_SERVER_CPUS" } as const;

/** Says where processes that are started from now on run; null leaves it to the system. */
export function setProcessors(who: keyof typeof VARIABLES, cpus: string | null): void {
  if (cpus === null) delete process.env[VARIABLES[who]];
  else process.env[VARIABLES[who]] = cpus;
}

/** A command as it has to be for the processors that were said. */
export function onProcessors(
  who: keyof typeof VARIABLES,
  command: string,
  args: readonly string[],
): [command: string, args: string[]] {
  const cpus = process.env[VARIABLES[who]];
  return cpus === undefined ? [command, [...args]] : ["taskset", ["-c", cpus, command, ...args]];
}
