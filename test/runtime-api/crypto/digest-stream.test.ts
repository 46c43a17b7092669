import { test } from "uvu";
import * as assert from "uvu/assert";
import { crypto as own } from "../../../runtime-api/crypto/crypto.ts";
import { hostCrypto } from "./host-crypto.ts";

async function failure(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "nothing",
    (error: unknown) => (error as Error).message,
  );
}

test("crypto.DigestStream computes the digest of what is written, however it is cut", async () => {
  await using host = hostCrypto();
  const data = crypto.getRandomValues(new Uint8Array(60_000));
  const whole = new Uint8Array(300_000);
  for (let at = 0; at < whole.length; at += data.length) whole.set(data, at);
  const expected = await crypto.subtle.digest("SHA-256", whole);
  for (const piece of [1_000, 64 * 1024, 300_000]) {
    const stream = new own.DigestStream("SHA-256");
    const writer = stream.getWriter();
    for (let at = 0; at < whole.length; at += piece) await writer.write(whole.subarray(at, at + piece));
    await writer.close();
    assert.equal(await stream.digest, expected);
    assert.is(stream.bytesWritten, 300_000n);
  }
  assert.ok(
    host.calls.every(({ args }) => args.every((arg) => !(arg instanceof Uint8Array) || arg.length <= 65_536)),
  );
});

test("crypto.DigestStream takes texts, and keeps short digests off the host", async () => {
  await using host = hostCrypto();
  const stream = new own.DigestStream({ name: "md5" });
  const writer = stream.getWriter();
  void writer.write("hello");
  void writer.write(new TextEncoder().encode("there").buffer);
  await writer.close();
  assert.is(Buffer.from(await stream.digest).toString("hex"), "c6f7c372641dd25e0fddf0215375561f");
  assert.equal(
    host.calls.map(({ op }) => op),
    ["digest"],
  );
});

test("crypto.DigestStream rejects its digest when it fails", async () => {
  await using _ = hostCrypto();
  assert.throws(
    () => new own.DigestStream("SHA-3"),
    (error: Error) => error.name === "NotSupportedError",
  );
  const aborted = new own.DigestStream("SHA-1");
  await aborted.abort(new Error("enough"));
  assert.is(await failure(aborted.digest), "enough");
  const wrong = new own.DigestStream("SHA-1");
  assert.match(await failure(wrong.getWriter().write(5)), /byte stream/);
  assert.match(await failure(wrong.digest), /byte stream/);
});

test("crypto.subtle.digest() sends in pieces what is too large for one call", async () => {
  await using host = hostCrypto();
  const data = new Uint8Array(17 * 1024 * 1024);
  data[data.length - 1] = 1;
  assert.equal(await own.subtle.digest("SHA-1", data), await crypto.subtle.digest("SHA-1", data));
  assert.ok(host.calls.length > 3);
});

test.run();
