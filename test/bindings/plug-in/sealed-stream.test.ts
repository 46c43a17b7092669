import { test } from "uvu";
import * as assert from "uvu/assert";
import { sealedStream } from "../../../src/bindings/plug-in/sealed-stream.ts";

const settled = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 5));

test("a reader that goes away while the source is asked is no fault of anybody", async () => {
  for (const fails of [false, true]) {
    const faults: unknown[] = [];
    const reasons: unknown[] = [];
    const source = new ReadableStream<Uint8Array>(
      {
        pull: async () => {
          await settled();
          if (fails) throw new Error("nobody waits for it");
        },
        cancel: (reason) => void reasons.push(reason),
      },
      { highWaterMark: 0 },
    );
    const reader = sealedStream(source, (error) => void faults.push(error)).getReader();
    const waiting = reader.read();
    await Promise.resolve();
    await reader.cancel("enough");
    assert.is((await waiting).done, true);
    await settled();
    await settled();
    assert.equal(faults, []);
    assert.equal(reasons, ["enough"]);
  }
});

test("what breaks while somebody reads is told to the host alone", async () => {
  const faults: unknown[] = [];
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error("secret")),
  });
  const reader = sealedStream(source, (error) => void faults.push(String(error))).getReader();
  const text = await reader.read().then(String, String);
  assert.is(text, "Error: The binding's answer broke off");
  assert.equal(faults, ["Error: secret"]);
});

test.run();
