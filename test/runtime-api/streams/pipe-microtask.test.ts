import { test } from "uvu";
import * as assert from "uvu/assert";
import { ReadableStream, WritableStream } from "../../../runtime-api/streams/stream-classes.ts";

type Controller<T> = { enqueue(chunk: T): void; close(): void };

test("a pipe that waits writes after enqueue() has returned, in order, before it ends", async () => {
  const seen: string[] = [];
  let controller: Controller<string> | undefined;
  const source = new ReadableStream<string>({
    start(given) {
      controller = given as Controller<string>;
    },
  });
  const piping = source.pipeTo(
    new WritableStream<string>({
      write: (chunk) => void seen.push(chunk),
      close: () => void seen.push("closed"),
    }),
  );
  await Promise.resolve();
  controller?.enqueue("a");
  controller?.enqueue("b");
  controller?.close();
  assert.equal(seen, []);
  await piping;
  assert.equal(seen, ["a", "b", "closed"]);
});

test("a pipe whose sink fails between enqueue() and the write drops the chunk and rejects", async () => {
  let controller: Controller<string> | undefined;
  let sink: { error(reason: unknown): void } | undefined;
  const wrote: string[] = [];
  const source = new ReadableStream<string>({
    start(given) {
      controller = given as Controller<string>;
    },
  });
  const target = new WritableStream<string>({
    start: (given) => void (sink = given),
    write: (chunk) => void wrote.push(chunk),
  });
  const piping = source.pipeTo(target).then(
    () => "resolved",
    (reason: unknown) => reason,
  );
  await new Promise((resolve) => setTimeout(resolve, 0));
  sink?.error("broken");
  controller?.enqueue("late");
  assert.is(await piping, "broken");
  assert.equal(wrote, []);
  assert.not.ok(source.locked);
});

test.run();
