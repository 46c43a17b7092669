import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";
import { sleepUntilPoolRests } from "../cell/supervision/pool-rest.ts";

/**
 * What isolated-vm needs when the process ends, whoever ends it. Imported by all that make isolates.
 *
 * `process.exit()` takes V8 down under threads that still work in an isolate, which ends by SIGSEGV, and then waits for
 * them, for ever if a worker loops. So what runs is disposed, and the threads are given time to end it.
 *
 * A process whose loop has nothing left to do is taken down in good order: isolated-vm's part first, then the heap. If
 * a collection of that heap is under way, it is brought to its end in between, and the first of isolated-vm's objects
 * found to be garbage ends the process by SIGABRT. So all garbage goes before, and no other collection begins.
 */
const isolates = new Set<Disposable>();
let isLoopEmpty = false;

process.on("beforeExit", () => {
  isLoopEmpty = true;
});
process.on("exit", () => {
  for (const isolate of isolates) isolate[Symbol.dispose]();
  // In any case: a listener may have given the empty loop more to do, and this be a `process.exit()` in the midst of that.
  sleepUntilPoolRests();
  if (isLoopEmpty) collectGarbage();
});

/** Has an isolate disposed when the process ends, if something runs in it then. */
export function stopAtProcessEnd(isolate: Disposable): void {
  isolates.add(isolate);
}

/** Takes that back. */
export function forgetAtProcessEnd(isolate: Disposable): void {
  isolates.delete(isolate);
}

function collectGarbage(): void {
  try {
    // It holds for the whole process, and others' threads live on after this one.
    if (isMainThread) setFlagsFromString("--no-incremental-marking");
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    setFlagsFromString("--no-expose-gc");
    collect();
  } catch {
    // The embedder may have made either impossible.
  }
}
