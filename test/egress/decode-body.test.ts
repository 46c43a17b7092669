import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeBody } from "../../src/egress/decode-body.ts";
import { HeldBytes } from "../../src/egress/held-bytes.ts";

const bounds = { maxBytes: 1e9, freeBytes: 16 * 1024 ** 2, held: new HeldBytes(1e9, null) };

const noise = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));

test("decodeBody() gives nothing out once it was cancelled, whatever the decoder still has", async () => {
  for (const [coding, bytes] of [
    ["gzip", gzipSync(noise)],
    ["zstd", zstdCompressSync(noise)],
  ] as const) {
    for (let waits = 0; waits < 12; waits++) {
      const source = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new Uint8Array(bytes));
          controller.close();
        },
      });
      const reader = decodeBody(source, [coding], bounds).getReader();
      await reader.read();
      await new Promise((resolve) => setTimeout(resolve, 5));
      // The decoder has been told to go on, and goes on after the cancel.
      void reader.read().catch(() => {});
      for (let i = 0; i < waits; i++) await Promise.resolve();
      await reader.cancel();
      await new Promise((resolve) => setImmediate(resolve));
      assert.is((await reader.read()).done, true, coding);
    }
  }
});

test("decodeBody() undoes codings in the opposite order, and fails where the data ends early", async () => {
  const twice = gzipSync(zstdCompressSync(noise, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }));
  const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
    new Response(new Uint8Array(bytes)).body as ReadableStream<Uint8Array>;
  const text = await new Response(
    decodeBody(streamOf(twice), ["zstd", "gzip"], bounds) as ReadableStream<Uint8Array<ArrayBuffer>>,
  ).bytes();
  assert.is(Buffer.compare(text, noise), 0);
  const cut = zstdCompressSync(noise).subarray(0, 50);
  const error: unknown = await new Response(
    decodeBody(streamOf(cut), ["zstd"], bounds) as ReadableStream<Uint8Array<ArrayBuffer>>,
  )
    .bytes()
    .catch((reason: unknown) => reason);
  assert.match(String(error), /Content-Encoding/);
});

test.run();
