import { spawn } from "node:child_process";
import { resolve } from "node:path";

const BIN = resolve("src/cli/bin.ts");
/** Generous: a loaded machine starts slowly, and nothing here measures speed. */
const WAIT_MS = 240_000;

/** A run of the command line. */
export interface CliRun extends AsyncDisposable {
  /** All that it printed so far, both streams. */
  readonly output: string;
  /** Resolves with the match once the output from `from` on matches. */
  waitFor(pattern: RegExp, from?: number): Promise<RegExpExecArray>;
  readonly pid: number;
  signal(signal: NodeJS.Signals): void;
  /** The exit code, or the signal's name. */
  readonly exit: Promise<number | string>;
}

/** Starts the command line as a user would, in a process of its own. */
export function startCli(
  args: readonly string[],
  cwd: string = process.cwd(),
  env: Readonly<Record<string, string>> = {},
): CliRun {
  const child = spawn(process.execPath, ["--no-node-snapshot", BIN, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...env },
  });
  let output = "";
  let ended = false;
  const listeners = new Set<() => void>();
  const grow = (text: string): void => {
    output += text;
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding("utf8").on("data", grow);
  child.stderr.setEncoding("utf8").on("data", grow);
  const exit = new Promise<number | string>((done) => {
    child.on("close", (code, signal) => {
      ended = true;
      grow("");
      done(code ?? signal ?? "");
    });
  });
  return {
    get output() {
      return output;
    },
    exit,
    pid: child.pid!,
    signal: (signal) => void child.kill(signal),
    waitFor: async (pattern, from = 0) => {
      const { promise, resolve: done, reject } = Promise.withResolvers<RegExpExecArray>();
      const fail = (why: string): void =>
        reject(new Error(`${why} while waiting for ${String(pattern)}:\n${output}`));
      const timer = setTimeout(fail, WAIT_MS, "timeout");
      const look = (): void => {
        const match = pattern.exec(output.slice(from));
        if (match) done(match);
        else if (ended) fail("the process ended");
      };
      listeners.add(look);
      look();
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        listeners.delete(look);
      }
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exit;
    },
  };
}

/** The port on which a host that was started by itself serves workers, once it does. */
export async function portOf(cli: CliRun): Promise<number> {
  const [, port = ""] = await cli.waitFor(/Skerry listens on http:\/\/127\.0\.0\.1:(\d+)/);
  return Number(port);
}

/** Runs the command line to its end. */
export async function runCli(
  args: readonly string[],
  cwd?: string,
): Promise<{ exit: number | string; output: string }> {
  await using cli = startCli(args, cwd);
  const exit = await cli.exit;
  return { exit, output: cli.output };
}
