import { test } from "uvu";
import { MemoryKv } from "../../src/storage/memory-kv.ts";
import { kvConformance } from "./kv-conformance.ts";

kvConformance("MemoryKv", async (startMs) => {
  const store = new MemoryKv({ now: () => engine.nowMs });
  const engine = { store, nowMs: startMs, [Symbol.asyncDispose]: () => store.close() };
  return engine;
});

test.run();
