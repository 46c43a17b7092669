import { parentPort } from "node:worker_threads";
import { ChildRules } from "./child-rules.ts";
import { isGrown, readEntryFile } from "./entry-file.ts";
import { monotonicMs } from "./monotonic.ts";
import { pageBytes, processFigures } from "./process-figures.ts";
import { type FromWatch, REASONS, Shared, type ToWatch } from "./watch-messages.ts";

/**
 * Entry of the thread that watches the children of a host's cells: it looks every few milliseconds, whatever the
 * host's loop does meanwhile, and kills by itself.
 */
const LOOK_MS = 25;
const PAGE_BYTES = pageBytes();

interface Watched {
  readonly added: ToWatch & { type: "add" };
  readonly rules: ChildRules;
  /** The process that was meant: ids are used again. Undefined where the system does not say. */
  readonly startTick: number | undefined;
}

const children = new Map<number, Watched>();
let timer: NodeJS.Timeout | undefined;

parentPort!.on("message", (message: ToWatch) => {
  if (message.type === "add") {
    const figures = processFigures(message.pid, PAGE_BYTES);
    children.set(message.id, {
      added: message,
      rules: new ChildRules(message.bounds, monotonicMs()),
      startTick: figures?.startTick,
    });
    timer ??= setInterval(lookAtAll, LOOK_MS);
  } else {
    children.delete(message.id);
    parentPort!.postMessage({ removed: message.id } satisfies FromWatch);
    if (children.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }
});

function lookAtAll(): void {
  for (const [id, watched] of children) {
    try {
      if (isOver(watched)) children.delete(id);
    } catch (error) {
      // A child must not go unwatched for another's sake.
      children.delete(id);
      console.error("skerry: a cell cannot be watched:", error);
    }
  }
}

/** Looks at one child; gives true if there is nothing left to look at. */
function isOver({ added: { pid, fd, shared }, rules, startTick }: Watched): boolean {
  const figures = processFigures(pid, PAGE_BYTES);
  if (figures?.startTick !== startTick || figures?.state === "Z") return true;
  const table = readEntryFile(fd);
  shared[Shared.rssBytes] = figures?.rssBytes ?? table.rssBytes;
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
