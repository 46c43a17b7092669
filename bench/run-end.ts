import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** The exit code of a run that was interrupted: as a shell has it for what Ctrl-C has ended. */
export const INTERRUPTED: number = exitCodeOf("SIGINT");
/** Signals that come together are one: npm passes on what the terminal has sent to the whole group already. */
const TOGETHER_MS = 1_000;

const cleanUps = new Set<() => void>();
let interrupted: { readonly controller: AbortController; atMs: number } | null = null;
let listens = false;

/** A run that Ctrl-C, or a `SIGTERM`, does not end but asks to come to its end. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

/** Has something done where the run is ended by a signal, until it is disposed of. @param cleanUp Must be synchronous. */
export function onRunEnd(cleanUp: () => void): Disposable {
  cleanUps.add(cleanUp);
  listen();
  return {
    [Symbol.dispose]: () => {
      cleanUps.delete(cleanUp);
      listen();
    },
  };
}

/** Takes the first Ctrl-C as a wish to see what there is so far; the second one ends the process. */
export function interruptible(): Interruption {
  const controller = new AbortController();
  interrupted = { controller, atMs: 0 };
  listen();
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      interrupted = null;
      listen();
    },
  };
}

function listen(): void {
  const shall = cleanUps.size > 0 || interrupted !== null;
  if (shall === listens) return;
  listens = shall;
  for (const signal of SIGNALS) process[shall ? "on" : "off"](signal, end);
}

function end(signal: (typeof SIGNALS)[number]): void {
  if (interrupted !== null && signal !== "SIGHUP") {
    const nowMs = performance.now();
    if (!interrupted.controller.signal.aborted) {
      interrupted.atMs = nowMs;
      return interrupted.controller.abort();
    }
    if (nowMs - interrupted.atMs < TOGETHER_MS) return;
  }
  for (const cleanUp of cleanUps) cleanUp();
  process.exit(exitCodeOf(signal));
}

function exitCodeOf(signal: (typeof SIGNALS)[number]): number {
  return 128 + constants.signals[signal];
}
