import { parentPort, workerData } from "node:worker_threads";
import type { KvThreadOptions, ToKvThread } from "./kv-thread-messages.ts";
import { KvThreadFiles } from "./kv-thread-files.ts";

// Entry of the writer thread: the only place where KV is written.
const port = parentPort;
if (port === null) throw new Error("kv-thread-entry runs in a worker thread only");
const files = new KvThreadFiles(workerData as KvThreadOptions);

port.on("message", (message: ToKvThread) => {
  switch (message.type) {
    case "group":
      port.postMessage({ type: "done", result: files.apply(message.group, message.nowMs) });
      return;
    case "purge":
      files.purge(message.nowMs);
      return;
    case "close":
      files.close();
      port.close();
  }
});
