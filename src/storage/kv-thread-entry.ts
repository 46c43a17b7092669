import { parentPort, workerData } from "node:worker_threads";
import type { FromKvThread, KvThreadOptions, ToKvThread } from "./kv-thread-messages.ts";
import { KvThreadFiles } from "./kv-thread-files.ts";

// Entry of the writer thread: the only place where KV is written.
const port = parentPort;
if (port === null) throw new Error("kv-thread-entry runs in a worker thread only");
const say = (message: FromKvThread): void => port.postMessage(message);
const files = new KvThreadFiles(workerData as KvThreadOptions, (account, usedBytes) =>
  say({ type: "used", account, usedBytes }),
);

port.on("message", (message: ToKvThread) => {
  switch (message.type) {
    case "group":
      say({ type: "done", result: files.apply(message.group, message.nowMs) });
      return;
    case "count": {
      const { account, namespaces } = message;
      files.count(account, namespaces, (usedBytes) => say({ type: "counted", account, usedBytes }));
      return;
    }
    case "purge":
      files.purge(message.nowMs);
      return;
    case "close":
      files.close();
      port.close();
  }
});
