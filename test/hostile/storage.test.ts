import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { QUOTA_BYTES, STORAGE } from "./cases/storage.ts";
import { defineCases } from "./define-cases.ts";

const dataFolder = mkdtempSync(join(tmpdir(), "skerry-hostile-"));
process.on("exit", () => rmSync(dataFolder, { recursive: true, force: true }));

defineCases(
  "G. Abuse of storage",
  STORAGE,
  process.env["SKERRY_TEST_CELL"] === "process" ? "process" : "in-process",
  {
    options: { dataFolder, storage: { accountBytes: QUOTA_BYTES } },
    over: async ({ host }) => {
      const { accounts } = await host.storage();
      assert.ok(accounts.length > STORAGE.length);
      for (const { account, usedBytes } of accounts)
        assert.ok(usedBytes <= QUOTA_BYTES, `${account} stores ${usedBytes} bytes`);
    },
  },
);

test.run();
