import { request } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyPace } from "../../src/http/body-pace.ts";
import { listen } from "./edge-fixture.ts";

test("BodyPace lets a few read in a turn of the loop, and the others in later ones, in order", async () => {
  const pace = new BodyPace();
  const read: number[] = [];
  for (let body = 0; body < 10; body++) pace.next(() => read.push(body));
  assert.equal(read, [0, 1, 2, 3]);
  await nextTurn();
  assert.equal(read, [0, 1, 2, 3, 4, 5, 6, 7]);
  // Those that came first are served first.
  pace.next(() => read.push(10));
  assert.is(read.length, 8);
  await nextTurn();
  assert.equal(read, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await nextTurn();
  pace.next(() => read.push(11));
  assert.is(read.at(-1), 11);
});

test("BodyPace counts one that asks again at once", async () => {
  const pace = new BodyPace();
  let pieces = 0;
  const read = (): void => {
    pieces++;
    if (pieces < 100) pace.next(read);
  };
  pace.next(read);
  assert.is(pieces, 4);
  while (pieces < 100) await nextTurn();
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
