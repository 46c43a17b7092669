import { test } from "uvu";
import { SqliteKv } from "../../src/storage/sqlite-kv.ts";
import { kvConformance } from "./kv-conformance.ts";
import { tempFolder } from "./temp-folder.ts";

kvConformance("SqliteKv", async (startMs) => {
  const folder = tempFolder();
  const store = new SqliteKv({ folder: `${folder.path}/kv`, now: () => engine.nowMs });
  const engine = {
    store,
    nowMs: startMs,
    async [Symbol.asyncDispose]() {
      await store.close();
      folder[Symbol.dispose]();
    },
  };
  return engine;
});

test.run();
