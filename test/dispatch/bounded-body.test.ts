import { test } from "uvu";
import * as assert from "uvu/assert";
import { boundBody } from "../../src/dispatch/bounded-body.ts";
import type { EdgeRequest } from "../../src/dispatch/edge.ts";

/** A request whose body comes in pieces of 10 bytes, and whether it was told to stop. */
function streaming(pieces: number): { request: EdgeRequest; cancelled: () => boolean } {
  let left = pieces;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(10));
        else controller.close();
      },
      cancel() {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return {
    request: { method: "POST", url: "http://x/", headers: "", body } as unknown as EdgeRequest,
    cancelled: () => cancelled,
  };
}

test("boundBody gives a stream no further than its limit, fails it there and cancels its source", async () => {
  const { request, cancelled } = streaming(10);
  const bounded = boundBody(request, 35);
  const reader = (bounded.request.body as ReadableStream<Uint8Array>).getReader();
  let bytes = 0;
  let message = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
    }
  } catch (error) {
    message = (error as Error).message;
  }
  assert.is(bytes, 30);
  assert.match(message, "larger than 35 bytes");
  assert.is(bounded.tooLarge(), true);
  assert.is(cancelled(), true);
});

test("boundBody leaves a stream alone that keeps to its limit", async () => {
  const { request } = streaming(3);
  const bounded = boundBody(request, 30);
  const bytes = await new Response(bounded.request.body as ReadableStream<Uint8Array<ArrayBuffer>>).bytes();
  assert.is(bytes.length, 30);
  assert.is(bounded.tooLarge(), false);
});

test("boundBody knows at once what is announced or whole", () => {
  const whole = { ...streaming(0).request, body: "x".repeat(31) };
  assert.is(boundBody(whole, 30).tooLarge(), true);
  const announced = { ...streaming(0).request, headers: "content-length\n31" };
  assert.is(boundBody(announced, 30).tooLarge(), true);
});

test.run();
