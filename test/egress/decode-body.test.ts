import { randomBytes } from "node:crypto";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeBody } from "../../src/egress/decode-body.ts";
import { HeldBytes } from "../../src/egress/held-bytes.ts";
import { eventually } from "../eventually.ts";

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

test("decodeBody() tells what it costs by the bytes that went in and came out, of each coding, however it ends", async () => {
  const plain = Buffer.alloc(3_000_000, "a few words, again and again. ");
  const random = randomBytes(1_000_000);
  /** What is told, once that is so much. */
  const costOf = async (
    bytes: Uint8Array,
    codings: readonly string[],
    atLeast: number,
    cutAt = Infinity,
  ): Promise<number> => {
    let sum = 0;
    const source = new Response(new Uint8Array(bytes)).body as ReadableStream<Uint8Array>;
    const body = decodeBody(source, codings, { ...bounds, spent: (cpuUs) => void (sum += cpuUs) });
    const reader = body.getReader();
    let outBytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      outBytes += value.length;
      if (outBytes >= cutAt) await reader.cancel();
    }
    // A decoder is over some turns after its last bytes.
    await eventually(() => sum >= atLeast, `${atLeast} µs are told`);
    return sum;
  };
  const packed = gzipSync(plain);
  const matches = Math.floor(plain.length * 0.000_5 + packed.length * 0.01);
  assert.is(await costOf(packed, ["gzip"], matches), matches);
  const literals = random.length * 0.003;
  assert.is(await costOf(gzipSync(random), ["gzip"], literals), literals);
  const twice = Math.floor(gzipSync(random).length * 0.003) + literals;
  assert.is(await costOf(gzipSync(gzipSync(random)), ["gzip", "gzip"], twice), twice);
  const cut = await costOf(gzipSync(random), ["gzip"], 1_500, 500_000);
  assert.ok(cut < literals, `${cut}`);
});

test.run();
