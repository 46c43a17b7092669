import { ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { Socket } from "node:net";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import type { Flat } from "../../runtime-api/contract/flat.ts";
import type { CellDeath, DeathReason } from "./cell.ts";
import { defaultCellMemoryMb } from "./cell-memory.ts";
import type { ProcessCellOptions } from "./cell-options.ts";
import { Frame } from "./protocol/frame.ts";
import { FROM_CHILD } from "./protocol/frame-bounds.ts";
import { FrameRate } from "./protocol/frame-rate.ts";
import { Pipe } from "./protocol/pipe.ts";
import { type Launch, plainLaunch } from "./sandbox/launch.ts";
import type { CellWatch, WatchedChild } from "./supervision/cell-watch.ts";
import type { ChildBounds } from "./supervision/child-rules.ts";
import { EntryFile } from "./supervision/entry-file.ts";
import type { EntryMark } from "./supervision/entry-table.ts";
import { mayRaisePriority } from "./supervision/process-priority.ts";

/** The child's entry beside this file, in the form in which this file itself runs. */
const ENTRY = fileURLToPath(
  new URL(`./child/entry${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url),
);
/** An isolate's garbage is collected by its own thread, which bears its priority and is charged: helpers are neither. */
const NODE_FLAGS = ["--no-node-snapshot", "--single-threaded-gc"];
/** Descriptor of the entry file in the child. */
const ENTRY_FD = 4;
const PING_MS = 1_000;
/** The thread that watches can tell a loop that stands still from one that gets no core: pings cannot. */
const WATCHED_SILENCE_MS = 2_000;
const SILENCE_MS = 5_000;
const WATCHED_PING_MS = 15_000;
/** Time that a child has to start in, before its silence counts. */
const START_MS = 30_000;
/** Time after a child's exit in which its last frames are waited for. */
const LINGER_MS = 200;
/** How long a child that was sent SIGKILL is waited for. */
const EXIT_MS = 500;
/** Frames that a child has not read, in bytes: more than the host keeps for it, whoever they are for. */
const MAX_BACKLOG_BYTES = 512 * 1024 * 1024;
/** How much of what the child printed last is kept for the report of its death. */
const LAST_WORDS_CHARS = 2_000;

/** How a child ended. */
export interface ChildEnd extends Omit<CellDeath, "suspects" | "culprit"> {
  /** Entries that had begun and not ended, as the child wrote them down. */
  readonly marks: readonly EntryMark[];
  /** The isolate that is known to have caused it; -1 where none is. */
  readonly isolate: number;
}

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
  /** Resolves when the process has exited. */
  readonly exited: Promise<void>;
  readonly #pinger: NodeJS.Timeout;
  readonly #watch: CellWatch | undefined;
  readonly #bounds: ChildBounds;
  readonly #pingSilenceMs: number;
  readonly #file: EntryFile | undefined;
  #watched: WatchedChild | undefined;
  readonly #bornMs = performance.now();
  #started = false;
  #ready = false;
  #unanswered = 0;
  #lastWords = "";
  #over = false;

  /** @param watch looks after it beside the host's loop; where it is missing, pings have to do */
  constructor(options: ProcessCellOptions, listener: ChildListener, watch?: CellWatch) {
    const { silenceMs, sandbox, ...rest } = options;
    this.#listener = listener;
    this.#watch = watch;
    const isLinux = process.platform === "linux";
    const memoryMb = options.cellMemoryMb ?? defaultCellMemoryMb(1);
    this.#bounds = {
      memoryBytes: memoryMb * 1024 * 1024,
      silenceMs: silenceMs ?? (isLinux ? WATCHED_SILENCE_MS : SILENCE_MS),
    };
    this.#pingSilenceMs = silenceMs ?? SILENCE_MS;
    this.#file = EntryFile.open();
    const entryFd = this.#file === undefined ? undefined : ENTRY_FD;
    // Its own user may not raise what it lowered; where this process may, the thread that watches does both.
    const ownPriorities = this.#file === undefined || watch === undefined || !mayRaisePriority();
    const nodeArgs = [...NODE_FLAGS, ENTRY, JSON.stringify({ ...rest, entryFd, ownPriorities })];
    this.#launch = (sandbox ?? plainLaunch)(nodeArgs);
    const { env, cwd, detached } = this.#launch;
    this.#child = startProcess(this.#launch, {
      stdio: ["ignore", "ignore", "pipe", "pipe", ...(this.#file === undefined ? [] : [this.#file.fd])],
      env,
      cwd,
      detached,
      windowsHide: true,
    });
    if (this.#child.pid !== undefined) this.#launch.spawned(this.#child.pid);
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_CHARS);
    });
    this.#child.on("error", (error) => this.#end("crashed", `it could not be started: ${error.message}`));
    this.exited = new Promise((resolve) => {
      this.#child.on("error", () => resolve());
      this.#child.on("exit", (code, signal) => {
        resolve();
        const message = `it ended by ${signal ?? `code ${code}`}`;
        // What it said last may still be in the pipe: `close` comes when that has been read.
        const end = (): void =>
          this.#end(wasKilled(code, signal, this.#lastWords) ? "killed" : "crashed", message);
        this.#child.on("close", end);
        setTimeout(end, LINGER_MS).unref();
      });
    });
    const rate = new FrameRate();
    this.#pipe = new Pipe((this.#child.stdio?.[3] as Socket | undefined) ?? new Socket(), {
      bounds: FROM_CHILD,
      onFrame: (type, values, sizeBytes) => {
        const restMs = rate.count(values.length, sizeBytes);
        if (restMs > 0) this.#pipe.rest(restMs);
        this.#started = true;
        if (type === Frame.ready) this.#becomeReady();
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

  /** CPU that it has used, in ms; 0 where it is not known. */
  get cpuMs(): number {
    return this.#watched?.cpuMs ?? 0;
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
    if (this.#pipe.queuedBytes > MAX_BACKLOG_BYTES) this.kill("backlog", "it does not read what it is sent");
  }

  /** Sends now what would leave at the end of the loop's turn. */
  flush(): void {
    if (!this.#over) this.#pipe.flush();
  }

  /** Ends the child at once; `gone` follows. */
  kill(reason: DeathReason, message: string): void {
    if (this.#over) return;
    this.#child.kill("SIGKILL");
    setImmediate(() => this.#end(reason, message));
  }

  /** Ends the child without a word to the listener. Resolves when it has exited, or is given up. */
  async close(): Promise<void> {
    this.#stop();
    this.#child.kill("SIGKILL");
    // A process in the hands of a driver may not end; it is no use to wait for it.
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, EXIT_MS)));
    await Promise.race([this.exited, patience]);
    clearTimeout(timer);
  }

  #becomeReady(): void {
    if (this.#ready) return;
    this.#ready = true;
    const { pid } = this;
    if (pid === undefined || this.#file === undefined || this.#over) return;
    this.#watched = this.#watch?.add(pid, this.#file.fd, this.#bounds);
  }

  #ping(): void {
    const ownMs = this.#watched === undefined ? this.#pingSilenceMs : WATCHED_PING_MS;
    const silenceMs = this.#started ? ownMs : START_MS;
    if (this.#unanswered >= Math.ceil(silenceMs / PING_MS))
      return this.kill("silent", "its loop stood still");
    this.send(Frame.ping, [++this.#unanswered]);
  }

  #end(reason: DeathReason, message: string): void {
    if (this.#over) return;
    const report = this.#watched?.report;
    const marks = this.#file?.read().marks ?? [];
    this.#stop();
    const words = this.#lastWords.trim();
    const text = report?.message ?? message;
    this.#listener.gone({
      reason: report?.reason ?? reason,
      message: words === "" ? text : `${text}; its last words: ${words}`,
      pid: this.#child.pid ?? null,
      upMs: performance.now() - this.#bornMs,
      rssBytes: this.#watched?.rssBytes ?? 0,
      marks,
      isolate: report?.isolate ?? -1,
    });
  }

  #stop(): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#pinger);
    this.#pipe.close();
    this.#child.stderr?.destroy();
    const file = this.#file;
    if (this.#watched === undefined) file?.close();
    else void this.#watched.remove().then(() => file?.close());
  }
}

/** Starts a process; what fails at once, as for want of memory, is told by an `error` as all other failures are. */
function startProcess({ command, args, fault }: Launch, options: SpawnOptions): ChildProcess {
  try {
    if (fault !== undefined) throw fault;
    return spawn(command, args, options);
  } catch (error) {
    const child = new ChildProcess();
    process.nextTick(() => child.emit("error", error));
    return child;
  }
}

/** Signals that come from outside, as no crash of V8 or Node raises them: from people, or from a kernel without memory. */
const FROM_OUTSIDE: readonly NodeJS.Signals[] = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"];

/**
 * Whether somebody outside ended the process. A program that waited for it gives the signal in its exit code, or dies
 * of the same; `unshare` cannot do that with SIGKILL, and says so.
 */
function wasKilled(code: number | null, signal: NodeJS.Signals | null, words: string): boolean {
  if (code === 1 && words.includes("unshare: sigprocmask unblock failed")) return true;
  return FROM_OUTSIDE.some((name) => signal === name || code === 128 + constants.signals[name]);
}
