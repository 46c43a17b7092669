import { parentPort } from "node:worker_threads";
import { CryptoKeys } from "./crypto-keys.ts";
import type { FromCryptoThread, ToCryptoThread } from "./crypto-thread-messages.ts";

// Entry of the thread that holds all keys. Web Crypto hands the work itself to Node's thread pool.
const port = parentPort;
if (port === null) throw new Error("crypto-thread-entry runs in a worker thread only");
const keys = new CryptoKeys();

port.on("message", (message: ToCryptoThread) => {
  if (message.type === "free") return keys.free(message.handles);
  void keys.run(message).then((result) => {
    const answer: FromCryptoThread = { id: message.id, result };
    const bytes = "value" in result && result.value instanceof Uint8Array ? [result.value.buffer] : [];
    port.postMessage(answer, bytes as ArrayBuffer[]);
  });
});
