import { parentPort, workerData } from "node:worker_threads";
import { CacheThreadIndex } from "./cache-thread-index.ts";
import type { CacheThreadOptions, FromCacheThread, ToCacheThread } from "./cache-thread-messages.ts";

// Entry of the cache's thread: the only place where its index is read and written.
const port = parentPort;
if (port === null) throw new Error("cache-thread-entry runs in a worker thread only");
const index = new CacheThreadIndex(workerData as CacheThreadOptions);

port.on("message", (message: ToCacheThread) => {
  if (message.type === "close") {
    index.close();
    port.close();
    return;
  }
  const { id, question } = message;
  let answer: FromCacheThread;
  try {
    answer = { id, ok: true, value: index.answer(question) };
  } catch (error) {
    answer = { id, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
});
