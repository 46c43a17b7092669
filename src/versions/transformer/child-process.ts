import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { extname } from "node:path";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { processFigures } from "../../cell/supervision/process-figures.ts";
import { FrameReader, frameLength } from "./frames.ts";
import { TimeLimit } from "./time-limit.ts";

/** Why a child gave no answer. */
export type ChildFailure = "memory" | "time" | "crash" | "closed";

export class ChildFailed extends Error {
  readonly reason: ChildFailure;

  constructor(reason: ChildFailure) {
    super(`the transformer's process ended: ${reason}`);
    this.reason = reason;
  }
}

/** Stack of the child, in KB: source that V8 takes must not be too deep for the parser here. */
const STACK_KB = 3_900;
const STDERR_CHARS = 8_192;

interface Job {
  readonly resolve: (answer: Uint8Array) => void;
  readonly reject: (failure: ChildFailed) => void;
  readonly reader: FrameReader;
  readonly timer: NodeJS.Timeout;
}

/** One child process, which does one job at a time and holds nothing of the host's environment. */
export class TransformerProcess {
  readonly #child: ChildProcess;
  #job: Job | undefined;
  #failure: ChildFailure | undefined;
  #stderr = "";
  /** How many jobs it has answered: a fresh child that dies is killed by its job. */
  answered = 0;

  /** @param memoryMb heap of the child */
  constructor(memoryMb: number) {
    const entry = new URL(`./child${extname(import.meta.url)}`, import.meta.url);
    const flags = [
      `--max-old-space-size=${memoryMb}`,
      `--stack-size=${STACK_KB}`,
      "--disallow-code-generation-from-strings",
      "--no-addons",
      "--permission",
      "--allow-fs-read=*",
    ];
    this.#child = spawn(process.execPath, [...flags, fileURLToPath(entry)], {
      env: {},
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString("latin1")).slice(-STDERR_CHARS);
    });
    // A broken pipe is told by the end of the process.
    this.#child.stdin?.on("error", () => {});
    this.#child.on("error", () => this.#end("crash"));
    this.#child.on("close", () =>
      this.#end(/heap (out of memory|limit)/i.test(this.#stderr) ? "memory" : "crash"),
    );
    this.#hold(false);
  }

  get ended(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Sends a job and waits for the answer; one at a time.
   *
   * @param timeMs after which the child is killed: see {@link TimeLimit}
   * @param maxBytes longest answer that is taken
   * @throws {ChildFailed} if no answer comes
   */
  async run(request: Uint8Array, timeMs: number, maxBytes: number): Promise<Uint8Array> {
    if (this.#failure !== undefined) throw new ChildFailed(this.#failure);
    return await new Promise((resolve, reject) => {
      const limit = new TimeLimit(timeMs, this.#cpuMs());
      const timer = setInterval(() => {
        if (limit.look(this.#cpuMs())) this.kill("time");
      }, limit.intervalMs);
      this.#job = { resolve, reject, reader: new FrameReader(maxBytes), timer };
      this.#hold(true);
      this.#child.stdin?.write(frameLength(request.length));
      this.#child.stdin?.write(request);
    });
  }

  /** Ends the process now; a job under way fails with `reason`. */
  kill(reason: ChildFailure): void {
    this.#end(reason);
    this.#child.kill("SIGKILL");
  }

  /** CPU that it has used, in ms; undefined where the system does not tell. */
  #cpuMs(): number | undefined {
    const { pid } = this.#child;
    return pid === undefined ? undefined : processFigures(pid, 1)?.cpuMs;
  }

  #take(chunk: Uint8Array): void {
    const job = this.#job;
    if (job === undefined) return this.kill("crash");
    try {
      const answer = job.reader.push(chunk);
      if (answer === undefined) return;
      clearInterval(job.timer);
      this.#job = undefined;
      this.answered += 1;
      this.#hold(false);
      job.resolve(answer);
    } catch {
      this.kill("crash");
    }
  }

  #end(reason: ChildFailure): void {
    this.#failure ??= reason;
    const job = this.#job;
    this.#job = undefined;
    if (job === undefined) return;
    clearInterval(job.timer);
    this.#hold(false);
    job.reject(new ChildFailed(this.#failure));
  }

  /** An idle child does not keep the host's process alive. */
  #hold(busy: boolean): void {
    const handles = [
      this.#child,
      this.#child.stdin,
      this.#child.stdout,
      this.#child.stderr,
    ] as (Socket | null)[];
    for (const handle of handles) {
      if (busy) handle?.ref();
      else handle?.unref();
    }
  }
}
