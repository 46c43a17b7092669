import { test } from "uvu";
import * as assert from "uvu/assert";
import { type StreamEnd, watched } from "../../src/dispatch/watched-stream.ts";

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** A watched stream whose source does what a test says, and what was told of it. */
function watch(pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>): {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly ends: StreamEnd[];
} {
  const ends: StreamEnd[] = [];
  const source = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
  const stream = watched(
    source,
    () => {},
    (end) => ends.push(end),
  );
  return { reader: stream.getReader(), ends };
}

test("watched tells once of a reader that gives up while a piece is awaited", async () => {
  const { reader, ends } = watch(() => new Promise(() => {}));
  const read = reader.read();
  await settle();
  await reader.cancel("gone");
  assert.is((await read).done, true);
  await settle();
  assert.equal(ends, ["cancelled"]);
});

test("watched tells how a stream ended", async () => {
  const whole = watch((controller) => controller.close());
  assert.is((await whole.reader.read()).done, true);
  assert.equal(whole.ends, ["read"]);
  const broken = watch((controller) => controller.error(new Error("broken")));
  await broken.reader.read().catch(() => {});
  assert.equal(broken.ends, ["failed"]);
});

test.run();
