import { test } from "uvu";
import * as assert from "uvu/assert";
import { FIRST_CREDIT_BYTES } from "../../runtime-api/contract/bounds.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { OutboundStreams } from "../../src/dispatch/outbound-streams.ts";

function streams(): {
  outbound: OutboundStreams;
  sent: InMessage[];
  ends: boolean[];
  open: (id: number) => ReadableStream<Uint8Array>;
} {
  const sent: InMessage[] = [];
  const ends: boolean[] = [];
  const outbound = new OutboundStreams(
    7,
    (message) => sent.push(message),
    () => {},
  );
  return { outbound, sent, ends, open: (id) => outbound.open(id, (ok) => ends.push(ok)) };
}

test("OutboundStreams gives chunks in order and ends", async () => {
  const { outbound, ends, open } = streams();
  const stream = open(1);
  outbound.chunk(1, new Uint8Array([1, 2]));
  outbound.chunk(1, new Uint8Array([3]));
  outbound.close(1);
  assert.equal(ends, []);
  const parts: number[] = [];
  for await (const part of stream) parts.push(...part);
  assert.equal(parts, [1, 2, 3]);
  assert.equal(ends, [true]);
});

test("OutboundStreams gives credit for what the reader took, not for what arrived", async () => {
  const { outbound, sent, open } = streams();
  const reader = open(1).getReader();
  const part = new Uint8Array(FIRST_CREDIT_BYTES / 4);
  for (let i = 0; i < 4; i++) outbound.chunk(1, part);
  assert.equal(sent, []);
  await reader.read();
  assert.equal(sent, [{ type: In.credit, event: 7, stream: 1, bytes: part.byteLength }]);
});

test("OutboundStreams passes a failure and a cancel on", async () => {
  const { outbound, sent, ends, open } = streams();
  const failing = open(1).getReader();
  outbound.fail(1, "the worker broke it");
  const error = await failing.read().then(
    () => null,
    (reason: Error) => reason,
  );
  assert.is(error?.message, "the worker broke it");
  await open(3).cancel(new Error("enough"));
  assert.equal(sent, [{ type: In.cancel, event: 7, stream: 3, reason: "enough" }]);
  assert.equal(ends, [false, false]);
});

test.run();
