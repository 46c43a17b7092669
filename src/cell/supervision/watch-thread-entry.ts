import { parentPort } from "node:worker_threads";
import { ChildRules } from "./child-rules.ts";
import { isGrown, readEntryFile } from "./entry-file.ts";
import { MAX_ENTRIES } from "./entry-places.ts";
import { monotonicMs } from "./monotonic.ts";
import { PoolPriority } from "./pool-priority.ts";
import { PoolThreads } from "./pool-threads.ts";
import { mayRaisePriority } from "./process-priority.ts";
import { pageBytes, processFigures } from "./process-figures.ts";
import { type FromWatch, REASONS, Shared, type ToWatch } from "./watch-messages.ts";

/**
 * Entry of the thread that watches the children of a host's cells: it looks every few milliseconds, whatever the
 * host's loop does meanwhile, and kills by itself.
 */
const LOOK_MS = 25;
const PAGE_BYTES = pageBytes();
/** Threads of one child whose priorities are set: more than its pool has. One that is taken over may make any number. */
const MAX_THREADS = MAX_ENTRIES * 2;
const mayRaise = mayRaisePriority();

interface Watched {
  readonly added: ToWatch & { type: "add" };
  readonly rules: ChildRules;
  /** The process that was meant: ids are used again. Undefined where the system does not say. */
  readonly startTick: number | undefined;
  readonly threads: PoolThreads;
  /** Undefined where the child sets its priorities itself. */
  readonly priority: PoolPriority | undefined;
}

const children = new Map<number, Watched>();
let timer: NodeJS.Timeout | undefined;

parentPort!.on("message", (message: ToWatch) => {
  if (message.type === "add") {
    const figures = processFigures(message.pid, PAGE_BYTES);
    const threads = new PoolThreads(message.pid, MAX_THREADS);
    children.set(message.id, {
      added: message,
      rules: new ChildRules(message.bounds, monotonicMs()),
      startTick: figures?.startTick,
      threads,
      priority: mayRaise ? new PoolPriority(threads, true, message.pid) : undefined,
    });
    timer ??= setInterval(lookAtAll, LOOK_MS);
  } else {
    forget(message.id);
    parentPort!.postMessage({ removed: message.id } satisfies FromWatch);
    if (children.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }
});

function lookAtAll(): void {
  for (const [id, watched] of children) {
    try {
      if (isOver(watched)) forget(id);
    } catch (error) {
      // A child must not go unwatched for another's sake.
      forget(id);
      console.error("skerry: a cell cannot be watched:", error);
    }
  }
}

function forget(id: number): void {
  children.get(id)?.threads.close();
  children.delete(id);
}

/** Looks at one child; gives true if there is nothing left to look at. */
function isOver({ added: { pid, fd, shared }, rules, startTick, priority }: Watched): boolean {
  const figures = processFigures(pid, PAGE_BYTES);
  if (figures?.startTick !== startTick || figures?.state === "Z") return true;
  priority?.look(monotonicMs());
  const table = readEntryFile(fd);
  shared[Shared.rssBytes] = figures?.rssBytes ?? table.rssBytes;
  shared[Shared.cpuMs] = figures?.cpuMs ?? 0;
  const verdict = rules.look({
    nowMs: monotonicMs(),
    figures,
    loop: () => processFigures(pid, PAGE_BYTES, pid),
    table,
    grown: isGrown(fd),
  });
  if (verdict === null) return false;
  shared[Shared.isolate] = verdict.isolate;
  shared[Shared.amount] = verdict.amount;
  // Last: whoever reads it finds the rest.
  shared[Shared.reason] = REASONS.indexOf(verdict.reason) + 1;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
  return true;
}
