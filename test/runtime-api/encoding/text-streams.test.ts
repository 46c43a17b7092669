import { test } from "uvu";
import * as assert from "uvu/assert";
import { TextDecoderStream } from "../../../runtime-api/encoding/text-decoder-stream.ts";
import { TextEncoderStream } from "../../../runtime-api/encoding/text-encoder-stream.ts";
import { standInIo } from "../stand-in-io.ts";

interface Pair {
  readonly readable: object;
  readonly writable: object;
}

async function through(pair: Pair, chunks: readonly unknown[]): Promise<unknown[]> {
  const writer = (pair.writable as WritableStream).getWriter();
  const writing = Promise.all([...chunks.map((chunk) => writer.write(chunk)), writer.close()]);
  writing.catch(() => {});
  const out: unknown[] = [];
  const reader = (pair.readable as ReadableStream).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) out.push(next.value);
  await writing;
  return out;
}

test("TextEncoderStream joins pairs that were cut in two, and replaces halves", async () => {
  standInIo();
  const out = await through(new TextEncoderStream(), [
    "a\ud83d",
    "",
    "\ude00b",
    "\ud83d",
    "c\udc00",
    "\ud83d",
  ]);
  assert.equal(
    out.map((bytes) => new TextDecoder().decode(bytes as Uint8Array)),
    ["a", "😀b", "\ufffdc\ufffd", "\ufffd"],
  );
});

test("TextDecoderStream joins characters that were cut in pieces, and gives no empty chunks", async () => {
  standInIo();
  const bytes = new TextEncoder().encode("a€");
  const pair = new TextDecoderStream(" UTF-8 ", { fatal: true, ignoreBOM: true });
  assert.equal([pair.encoding, pair.fatal, pair.ignoreBOM], ["utf-8", true, true]);
  assert.equal(await through(pair, [bytes.subarray(0, 2), bytes.subarray(2, 3), bytes.slice(3).buffer]), [
    "a",
    "€",
  ]);
  assert.equal(await through(new TextDecoderStream(), [bytes.subarray(0, 2)]), ["a", "\ufffd"]);
});

test("TextDecoderStream fails for what is no bytes, and for malformed ones where fatal", async () => {
  standInIo();
  for (const chunk of [undefined, null, 1, "a", {}, [65]]) {
    const [written] = await Promise.allSettled([through(new TextDecoderStream(), [chunk])]);
    assert.instance((written as PromiseRejectedResult).reason, TypeError);
  }
  const fatal = new TextDecoderStream("utf-8", { fatal: true });
  const [cut] = await Promise.allSettled([through(fatal, [new Uint8Array([0xe2])])]);
  assert.instance((cut as PromiseRejectedResult).reason, TypeError);
});

test.run();
