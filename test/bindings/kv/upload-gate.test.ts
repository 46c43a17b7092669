import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Upload, UploadGate } from "../../../src/bindings/kv/upload-gate.ts";

/** An upload that ends only by its signal. */
function endless({ signal }: Upload): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
}

test("UploadGate has the slowest upload give way while others wait", async () => {
  const gate = new UploadGate(2, 20);
  const { signal } = new AbortController();
  const fast = gate.pass(signal, (upload) => {
    upload.received(1_000_000_000);
    return endless(upload);
  });
  fast.catch(() => {});
  const slow = gate.pass(signal, endless).then(
    () => "done",
    (error: Error) => error.message,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.is(await Promise.race([slow, Promise.resolve("goes on")]), "goes on");
  assert.is(await gate.pass(signal, async () => "in"), "in");
  assert.match(await slow, "KV PUT failed: 408 Request Timeout");
  assert.is(await Promise.race([fast, Promise.resolve("goes on")]), "goes on");
});

test("UploadGate gives up whoever waits when its signal aborts", async () => {
  const gate = new UploadGate(1, 60_000);
  const first = new AbortController();
  const holder = gate.pass(first.signal, endless).catch(() => "over");
  const second = new AbortController();
  const waiter = gate.pass(second.signal, async () => "in").catch((error: Error) => error.message);
  second.abort(new Error("gone"));
  assert.is(await waiter, "gone");
  first.abort(new Error("gone too"));
  assert.is(await holder, "over");
  assert.is(await gate.pass(new AbortController().signal, async () => "in"), "in");
});

test.run();
