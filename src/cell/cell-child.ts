import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { Flat } from "../../runtime-api/contract/flat.ts";
import type { CellDeath, DeathReason } from "./cell.ts";
import type { ProcessCellOptions } from "./cell-options.ts";
import { Frame } from "./protocol/frame.ts";
import { FROM_CHILD } from "./protocol/frame-bounds.ts";
import { Pipe } from "./protocol/pipe.ts";
import { type Launch, plainLaunch } from "./sandbox/launch.ts";

/** The child's entry beside this file, in the form in which this file itself runs. */
const ENTRY = fileURLToPath(
  new URL(`./child/entry${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
);
const PING_MS = 1_000;
const SILENCE_MS = 5_000;
/** Time that a child has to start in, before its silence counts. */
const START_MS = 30_000;
/** Time after a child's exit in which its last frames are waited for. */
const LINGER_MS = 200;
/** Frames that a child has not read, in bytes: it is stuck. */
const MAX_BACKLOG_BYTES = 512 * 1024 * 1024;
/** How much of what the child printed last is kept for the report of its death. */
const LAST_WORDS_CHARS = 2_000;

/** How a child ended. */
export type ChildEnd = Omit<CellDeath, "suspects" | "culprit">;

export interface ChildListener {
  frame(type: number, values: Flat[]): void;
  /** The child is dead, or as good as: it was sent SIGKILL. Called once, never within `send` or `kill`. */
  gone(end: ChildEnd): void;
}

/** One child process and the pipe to it. */
export class CellChild {
  readonly #launch: Launch;
  readonly #child: ChildProcess;
  readonly #pipe: Pipe;
  #listener: ChildListener;
  readonly #exited: Promise<void>;
  readonly #pinger: NodeJS.Timeout;
  readonly #maxMissed: number;
  readonly #bornMs = performance.now();
  #started = false;
  #ready = false;
  #unanswered = 0;
  #lastWords = "";
  #over = false;

  constructor(options: ProcessCellOptions, listener: ChildListener) {
    const { silenceMs = SILENCE_MS, sandbox, ...rest } = options;
    this.#listener = listener;
    this.#maxMissed = Math.max(1, Math.ceil(silenceMs / PING_MS));
    const nodeArgs = ["--no-node-snapshot", ENTRY, JSON.stringify(rest)];
    this.#launch = (sandbox ?? plainLaunch)(nodeArgs);
    const { command, args, env, cwd } = this.#launch;
    this.#child = spawn(command, args, {
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      env,
      cwd,
      windowsHide: true,
    });
    if (this.#child.pid !== undefined) this.#launch.spawned(this.#child.pid);
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_CHARS);
    });
    this.#child.on("error", (error) => this.#end("crashed", `it could not be started: ${error.message}`));
    this.#exited = new Promise((resolve) => {
      this.#child.on("error", () => resolve());
      this.#child.on("exit", (code, signal) => {
        resolve();
        const message = `it ended by ${signal ?? `code ${code}`}`;
        // What it said last may still be in the pipe: `close` comes when that has been read.
        this.#child.on("close", () => this.#end("crashed", message));
        setTimeout(() => this.#end("crashed", message), LINGER_MS).unref();
      });
    });
    this.#pipe = new Pipe((this.#child.stdio[3] as Socket | undefined) ?? new Socket(), {
      bounds: FROM_CHILD,
      onFrame: (type, values) => {
        this.#started = true;
        if (type === Frame.ready) this.#ready = true;
        if (type === Frame.pong) this.#unanswered = 0;
        else if (!this.#over) this.#listener.frame(type, values);
      },
      onEnd: (error) => {
        // Without an error the exit follows, and says more.
        if (error !== undefined) this.kill("protocol", `it broke the protocol: ${error.message}`);
        else setTimeout(() => this.kill("crashed", "it closed its pipe"), PING_MS).unref();
      },
    });
    this.#pinger = setInterval(() => this.#ping(), PING_MS);
    this.#pinger.unref();
  }

  get pid(): number | undefined {
    const { pid } = this.#child;
    return pid === undefined ? undefined : this.#launch.nodePid(pid);
  }

  /** From now on another one listens; it hears of `ready`, even if that was before. */
  handTo(listener: ChildListener): void {
    this.#listener = listener;
    if (!this.#ready) return;
    queueMicrotask(() => {
      if (!this.#over) listener.frame(Frame.ready, []);
    });
  }

  send(type: number, values: readonly Flat[]): void {
    if (this.#over) return;
    this.#pipe.send(type, values);
    if (this.#pipe.queuedBytes > MAX_BACKLOG_BYTES) this.kill("silent", "it does not read what it is sent");
  }

  /** Ends the child at once; `gone` follows. */
  kill(reason: DeathReason, message: string): void {
    if (this.#over) return;
    this.#child.kill("SIGKILL");
    setImmediate(() => this.#end(reason, message));
  }

  /** Ends the child without a word to the listener. Resolves when it has exited. */
  async close(): Promise<void> {
    this.#stop();
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  #ping(): void {
    const missed = this.#started ? this.#maxMissed : START_MS / PING_MS;
    if (this.#unanswered >= missed) return this.kill("silent", "its loop stood still");
    this.send(Frame.ping, [++this.#unanswered]);
  }

  #end(reason: DeathReason, message: string): void {
    if (this.#over) return;
    this.#stop();
    const words = this.#lastWords.trim();
    this.#listener.gone({
      reason,
      message: words === "" ? message : `${message}; its last words: ${words}`,
      pid: this.#child.pid ?? null,
      upMs: performance.now() - this.#bornMs,
      rssBytes: 0,
    });
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#pinger);
    this.#pipe.close();
    this.#child.stderr?.destroy();
  }
}
