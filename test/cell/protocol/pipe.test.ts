import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FROM_CHILD } from "../../../src/cell/protocol/frame-bounds.ts";
import { FrameWriter } from "../../../src/cell/protocol/frame-writer.ts";
import { Pipe } from "../../../src/cell/protocol/pipe.ts";
import { within } from "../harness.ts";

const WAIT_MS = 60_000;

test("Pipe reads nothing while it rests, and then all", async () => {
  const server = createServer();
  const accepted = once(server, "connection") as Promise<[Socket]>;
  await once(server.listen(0, "127.0.0.1"), "listening");
  const near = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [far] = await accepted;
  const done = Promise.withResolvers<void>();
  const types: number[] = [];
  const pipe = new Pipe(near, {
    bounds: FROM_CHILD,
    onFrame: (type) => {
      types.push(type);
      pipe.rest(1);
      assert.ok(near.isPaused());
      if (type === 3) done.resolve();
    },
    onEnd: (error) => done.reject(error ?? new Error("it ended")),
  });
  const writer = new FrameWriter();
  try {
    for (const type of [1, 2, 3]) {
      writer.frame(type, ["x".repeat(500_000)]);
      for (const piece of writer.take()) far.write(Buffer.from(piece));
    }
    await within(WAIT_MS, done.promise, "the last frame");
    assert.equal(types, [1, 2, 3]);
  } finally {
    pipe.close();
    far.destroy();
    server.close();
  }
});

test.run();
