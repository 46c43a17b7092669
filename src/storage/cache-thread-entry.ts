import { parentPort, workerData } from "node:worker_threads";
import { CacheThreadIndex } from "./cache-thread-index.ts";
import type { CacheThreadOptions, FromCacheThread, ToCacheThread } from "./cache-thread-messages.ts";

// Entry of the cache's thread: the only place where its index is read and written.
const port = parentPort;
if (port === null) throw new Error("cache-thread-entry runs in a worker thread only");
const index = new CacheThreadIndex(workerData as CacheThreadOptions);

/** How far the system's count of CPU may lag behind: where it says less than the clock, the thread had no core. */
const TICK_US = 4_000;

port.on("message", (message: ToCacheThread) => {
  if (message.type === "close") {
    index.close();
    port.close();
    return;
  }
  const { id, question } = message;
  const before = process.threadCpuUsage();
  const startMs = performance.now();
  const cpuUs = (): number => {
    const { user, system } = process.threadCpuUsage(before);
    return Math.min(Math.round((performance.now() - startMs) * 1_000), user + system + TICK_US);
  };
  let answer: FromCacheThread;
  try {
    const value = index.answer(question);
    answer = { id, cpuUs: cpuUs(), ok: true, value };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    answer = { id, cpuUs: cpuUs(), ok: false, reason };
  }
  port.postMessage(answer);
});
