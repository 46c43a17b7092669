import { test } from "uvu";
import * as assert from "uvu/assert";
import { CONTENT_HEAD_BYTES } from "../../src/assets/content-head.ts";
import { ContentReader } from "../../src/assets/content-reader.ts";
import { contentName } from "../../src/assets/piece-name.ts";
import type { AssetReading, AssetStore } from "../../src/storage/asset-store.ts";
import { MemoryAssets } from "../../src/storage/memory-assets.ts";

const FILE = { hash: "a".repeat(32), sizeBytes: 1024 * 1024, contentType: null };
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** Begins to read a content whose store waits at a step, and gives up there. */
async function giveUpAt(
  step: "open" | "read",
): Promise<{ readonly faults: unknown[]; readonly opened: number }> {
  const store = new MemoryAssets();
  const bytes = new Uint8Array(CONTENT_HEAD_BYTES + FILE.sizeBytes);
  await store.write("acme", [bytes], () => contentName(FILE.hash, FILE.sizeBytes));
  const gate = Promise.withResolvers<void>();
  const seen = { faults: [] as unknown[], opened: 0 };
  const open = async (account: string, name: string): Promise<AssetReading | null> => {
    if (step === "open") await gate.promise;
    const reading = (await store.open(account, name))!;
    seen.opened++;
    return {
      async read(position, length) {
        if (step === "read") await gate.promise;
        return await reading.read(position, length);
      },
      async close() {
        seen.opened--;
      },
    };
  };
  const reader = new ContentReader({ open } as AssetStore, (error) => seen.faults.push(error));
  const body = (await reader.read("acme", FILE, 0, FILE.sizeBytes)) as ReadableStream<Uint8Array>;
  const from = body.getReader();
  const read = from.read();
  await settle();
  await from.cancel("gone");
  gate.resolve();
  await read;
  await settle();
  return seen;
}

for (const step of ["open", "read"] as const)
  test(`ContentReader takes a client that goes away during ${step} for no fault, and closes the file`, async () => {
    assert.equal(await giveUpAt(step), { faults: [], opened: 0 });
  });

test.run();
