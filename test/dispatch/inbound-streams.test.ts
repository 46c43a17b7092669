import { test } from "uvu";
import * as assert from "uvu/assert";
import { CHUNK_BYTES } from "../../runtime-api/contract/bounds.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { InboundStreams } from "../../src/dispatch/inbound-streams.ts";

/** Streams whose messages are kept, and a way to let pending reads go on. */
function streams(): { inbound: InboundStreams; sent: InMessage[]; settle: () => Promise<void> } {
  const sent: InMessage[] = [];
  const inbound = new InboundStreams(
    7,
    (message) => sent.push(message),
    () => {},
  );
  return { inbound, sent, settle: () => new Promise((resolve) => setTimeout(resolve, 5)) };
}

function source(...parts: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull(controller) {
        const part = parts.shift();
        if (part === undefined) controller.close();
        else controller.enqueue(part);
      },
    },
    { highWaterMark: 0 },
  );
}

test("InboundStreams sends nothing before there is credit", async () => {
  const { inbound, sent, settle } = streams();
  const id = inbound.open(source(new Uint8Array(10)));
  assert.is(id % 2, 0);
  await settle();
  assert.equal(sent, []);
  assert.is(inbound.isUntouched(id), true);
  inbound.credit(id, 1);
  await settle();
  assert.is(sent.length, 1);
  assert.is(sent[0]!.type, In.chunk);
});

test("InboundStreams cuts large parts into exact chunks, stops without credit and closes at the end", async () => {
  const { inbound, sent, settle } = streams();
  const whole = new Uint8Array(CHUNK_BYTES * 2 + 5).map((_, i) => i % 256);
  const id = inbound.open(source(whole));
  inbound.credit(id, 1);
  await settle();
  assert.is(sent.length, 1);
  inbound.credit(id, CHUNK_BYTES * 10);
  await settle();
  const chunks = sent.filter((message) => message.type === In.chunk);
  assert.equal(
    chunks.map(({ bytes }) => bytes.byteLength),
    [CHUNK_BYTES, CHUNK_BYTES, 5],
  );
  for (const { bytes } of chunks) assert.is(bytes.byteLength, bytes.buffer.byteLength);
  assert.equal(Buffer.concat(chunks.map(({ bytes }) => bytes)).equals(whole), true);
  assert.is(sent.at(-1)!.type, In.close);
});

test("InboundStreams tells a source's failure, and cancels the source when the isolate cancels", async () => {
  const { inbound, sent, settle } = streams();
  const broken = inbound.open(
    new ReadableStream(
      {
        pull() {
          throw new Error("cable cut");
        },
      },
      { highWaterMark: 0 },
    ),
  );
  inbound.credit(broken, 10);
  await settle();
  assert.equal(sent, [{ type: In.fail, event: 7, stream: broken, message: "cable cut" }]);
  let reason: unknown;
  const left = inbound.open(
    new ReadableStream({
      cancel(why: Error) {
        reason = why.message;
      },
    }),
  );
  inbound.cancel(left, "enough");
  await settle();
  assert.is(reason, "enough");
});

test("InboundStreams.take gives an untouched stream once, and no touched one", async () => {
  const { inbound, settle } = streams();
  const id = inbound.open(source(new Uint8Array(1)));
  assert.equal([...new Uint8Array(await new Response(inbound.take(id)).arrayBuffer())], [0]);
  assert.is(inbound.take(id), null);
  const read = inbound.open(source(new Uint8Array(1), new Uint8Array(1)));
  inbound.credit(read, 1);
  await settle();
  assert.is(inbound.take(read), null);
});

test("InboundStreams.copy leaves the stream to be read, copied again or taken, and no touched one can be copied", async () => {
  const { inbound, sent, settle } = streams();
  const bytes = async (stream: ReadableStream<Uint8Array> | null): Promise<number> =>
    (await new Response(stream).arrayBuffer()).byteLength;
  const id = inbound.open(source(new Uint8Array(10), new Uint8Array(5)));
  const [one, two, kept] = [inbound.copy(id, "reader"), inbound.copy(id, "reader"), inbound.take(id)];
  assert.equal(await Promise.all([one, two, kept].map(bytes)), [15, 15, 15]);
  assert.is(inbound.copy(id, "reader"), null);
  const read = inbound.open(source(new Uint8Array(10)));
  const copy = bytes(inbound.copy(read, "reader"));
  inbound.credit(read, 100);
  assert.is(await copy, 10);
  await settle();
  assert.equal(
    sent.map(({ type }) => type),
    [In.chunk, In.close],
  );
  assert.is(inbound.isUntouched(read), false);
});

test("InboundStreams.giveBack leaves an untouched stream to its next reader, and holds on to any other", async () => {
  const { inbound, settle } = streams();
  const stream = source(new Uint8Array(3));
  inbound.giveBack(inbound.open(stream));
  const copied = inbound.open(source(new Uint8Array(1)));
  inbound.copy(copied, "reader");
  const read = inbound.open(source(new Uint8Array(5), new Uint8Array(5)));
  inbound.credit(read, 1);
  await settle();
  for (const id of [copied, read]) {
    assert.is(inbound.isUntouched(id), false);
    inbound.giveBack(id);
  }
  inbound.cancelAll("over");
  assert.is((await new Response(stream).bytes()).length, 3);
});

test("InboundStreams.cancelCopied lets go of what copies would wait for, and of nothing else", async () => {
  const { inbound } = streams();
  const other = inbound.open(source(new Uint8Array(1)));
  const id = inbound.open(source(...Array.from({ length: 200 }, () => new Uint8Array(100_000))));
  let ended: boolean | undefined;
  const copy = new Response(inbound.copy(id, "reader", (ok) => (ended = ok))).arrayBuffer();
  inbound.cancelCopied("the event is over");
  assert.is((await copy).byteLength, 20_000_000);
  assert.is(ended, true);
  assert.is(inbound.take(id), null);
  assert.is.not(inbound.take(other), null);
});

test.run();
