/** How a cell's child is started. */
export interface Launch {
  /** The program that is started; Node itself, or one that becomes Node. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whether it gets a session of its own: a terminal's signals are not for it, and no terminal is its to open. */
  readonly detached: boolean;
  /** Why a start would be in vain, where something that the cell needs is not there. */
  readonly fault?: Error | undefined;
  /** To be called right after the start, with the process id that the start gave. Never throws. */
  spawned(pid: number): void;
  /**
   * The id of the Node process, which is another one where the program that was started waits for it in a
   * namespace; SIGKILL to either ends both. Until it is there, the given one, of which it inherits.
   *
   * @param pid what the start gave
   */
  nodePid(pid: number): number;
}

/** A launch without a sandbox. */
export function plainLaunch(nodeArgs: readonly string[]): Launch {
  return {
    command: process.execPath,
    args: nodeArgs,
    env: {},
    cwd: process.cwd(),
    detached: false,
    spawned: () => {},
    nodePid: (pid) => pid,
  };
}
