import { IncomingMessage, request } from "node:http";
import { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RequestBody } from "../../src/http/request-body.ts";
import { eventually } from "../eventually.ts";
import { RawClient, listen } from "./edge-fixture.ts";

const IDLE_MS = 30_000;
/** Bodies that are read on in one turn of the loop. */
const AT_ONCE = 4;

/** A body of which so many pieces came already, and all moments for which its deadline was set. */
function bodyOf(pieces: number): {
  message: IncomingMessage;
  reader: ReadableStreamDefaultReader<Uint8Array>;
  allowedMs: number[];
} {
  const message = new IncomingMessage(new Socket());
  for (let piece = 0; piece < pieces; piece++) message.push(Buffer.alloc(10));
  const allowedMs: number[] = [];
  const { stream } = new RequestBody(message, {
    maxBytes: 1_000,
    idleMs: IDLE_MS,
    minBytesPerSecond: 10,
    deadline: { in: (ms) => void allowedMs.push(ms), clear() {} },
    wanted() {},
    tooLarge() {},
    unwanted() {},
  });
  return { message, reader: stream.getReader(), allowedMs };
}

/** The monotonic clock of a host that has been up for a year; it stands still unless it is moved. */
class LongUptime implements Disposable {
  nowMs = 365 * 24 * 3_600_000;

  constructor() {
    performance.now = () => this.nowMs;
  }

  [Symbol.dispose](): void {
    Reflect.deleteProperty(performance, "now");
  }
}

test("RequestBody keeps to the pace with its first piece", async () => {
  await nextTurn();
  const bodies = Array.from({ length: 10 }, () => bodyOf(1));
  let read = 0;
  // It comes before the pace's own turn.
  const turn = nextTurn();
  for (const { reader } of bodies) void reader.read().then(() => read++);
  await turn;
  assert.is(read, AT_ONCE);
  while (read < bodies.length) await nextTurn();
});

test("RequestBody does not take the uptime of the host for time in which it waited for the client", async () => {
  using _clock = new LongUptime();
  await nextTurn();
  const bodies = Array.from({ length: 6 }, () => bodyOf(2));
  for (let piece = 0; piece < 2; piece++) await Promise.all(bodies.map(({ reader }) => reader.read()));
  for (const { allowedMs } of bodies) assert.equal(allowedMs, [IDLE_MS, IDLE_MS]);
});

test("RequestBody does not count its turn in the host's own queue against the client", async () => {
  using clock = new LongUptime();
  await nextTurn();
  const silent = Array.from({ length: AT_ONCE }, () => bodyOf(0));
  const late = bodyOf(2);
  const turn = nextTurn();
  for (const { reader } of silent) void reader.read();
  const first = late.reader.read();
  await turn;
  for (const { allowedMs } of silent) assert.equal(allowedMs, [IDLE_MS]);
  assert.equal(late.allowedMs, []);
  clock.nowMs += 2 * IDLE_MS;
  await first;
  await late.reader.read();
  assert.equal(late.allowedMs, [IDLE_MS, IDLE_MS]);
  await Promise.all(silent.map(({ reader }) => reader.cancel()));
});

test("RequestBody counts the time for which it waits for the client", async () => {
  using clock = new LongUptime();
  await nextTurn();
  const { message, reader, allowedMs } = bodyOf(0);
  const first = reader.read();
  await nextTurn();
  clock.nowMs += 25_000;
  message.push(Buffer.alloc(10));
  await first;
  message.push(Buffer.alloc(10));
  await reader.read();
  // The ten bytes earned a second.
  assert.equal(allowedMs, [IDLE_MS, IDLE_MS + 1_000 - 25_000]);
});

test("listenHttp() keeps bodies whose handlers answer before they have a turn to be read", async () => {
  const sizeBytes = 300_000;
  const count = 3 * AT_ONCE;
  const begun = Promise.withResolvers<void>();
  const received: number[] = [];
  let handlers = 0;
  await using listener = await listen(async ({ body }) => {
    if (++handlers === count) begun.resolve();
    await begun.promise;
    void new Response(body as ReadableStream<Uint8Array>).bytes().then(
      (bytes) => received.push(bytes.length),
      () => received.push(-1),
    );
    return { body: "answered" };
  });
  const clients = Array.from({ length: count }, () => new RawClient(listener.port));
  for (const client of clients)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${sizeBytes}\r\n\r\n${"a".repeat(sizeBytes)}`);
  await eventually(() => received.length === count, "all bodies end");
  assert.equal(
    received,
    Array.from({ length: count }, () => sizeBytes),
  );
  for (const client of clients) client[Symbol.dispose]();
});

test("listenHttp() takes bodies off the wire a little in each turn of the loop", async () => {
  const sizeBytes = 8 * 1024 ** 2;
  let pieces = 0;
  let turns = 0;
  let isOver = false;
  const count = async (): Promise<void> => {
    for (; !isOver; turns++) await nextTurn();
  };
  await using listener = await listen(async ({ body }) => {
    let received = 0;
    for await (const piece of body as ReadableStream<Uint8Array>) {
      pieces++;
      received += piece.length;
    }
    return { body: String(received) };
  });
  const counting = count();
  const upload = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const sent = request({ port: listener.port, method: "POST" }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => resolve(text));
      });
      sent.on("error", reject);
      sent.end(Buffer.alloc(sizeBytes));
    });
  const whole = await Promise.all([upload(), upload(), upload()]);
  isOver = true;
  await counting;
  assert.equal(
    whole,
    [1, 2, 3].map(() => String(sizeBytes)),
  );
  // One that is read to its end has asked once more.
  assert.ok(pieces <= (turns + 2) * 4, `${pieces} pieces in ${turns} turns`);
});

test.run();
