import { test } from "uvu";
import * as assert from "uvu/assert";
import { splitStream } from "../../src/dispatch/split-stream.ts";

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** A split stream of `count` pieces of ten bytes each, and what became of its source. */
function split(
  count: number,
  more: { lagBytes?: number; givesUp?: "reader" | "other"; fails?: boolean } = {},
) {
  const seen = { pulled: 0, canceled: false, over: 0 };
  const source = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (seen.pulled < count) controller.enqueue(new Uint8Array(10).fill(++seen.pulled));
        else if (more.fails === true) controller.error(new Error("the source broke"));
        else controller.close();
      },
      cancel() {
        seen.canceled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const { lagBytes = 25, givesUp = "reader" } = more;
  const halves = splitStream(source, { lagBytes, givesUp, stallMs: 20, onOver: () => void seen.over++ });
  return { seen, left: halves[0], right: halves[1] };
}

async function all(stream: ReadableStream<Uint8Array>): Promise<number[]> {
  const found: number[] = [];
  for await (const piece of stream) found.push(piece[0]!);
  return found;
}

const message = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no error",
    (error: Error) => error.message,
  );

test("splitStream gives both readers all pieces, in buffers of their own", async () => {
  const { left, right, seen } = split(20);
  assert.is(seen.pulled, 0, "nothing is read before somebody reads");
  const both = await Promise.all([all(left), all(right)]);
  const expected = Array.from({ length: 20 }, (_, i) => i + 1);
  assert.equal(both, [expected, expected]);
  assert.equal([seen.over, seen.canceled], [1, false]);
  const again = split(1);
  const [a, b] = [again.left.getReader(), again.right.getReader()];
  const pieces = [await a.read(), await b.read()];
  assert.is.not(pieces[0]!.value!.buffer, pieces[1]!.value!.buffer);
});

test("splitStream lets the reader that is ahead wait for the other, however slow", async () => {
  const { left, right, seen } = split(20);
  const slow = right.getReader();
  await slow.read();
  const fast = all(left);
  await settle();
  assert.is(seen.pulled, 4, "ten bytes for the slow one, and up to 25 and a piece that wait");
  for (let i = 0; i < 8; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  slow.releaseLock();
  const rest = await all(right);
  assert.equal([(await fast).length, rest.length], [20, 19]);
});

test("splitStream goes on for one reader when the other leaves", async () => {
  const { left, right, seen } = split(20);
  const reading = all(left);
  await settle();
  await right.cancel();
  assert.is((await reading).length, 20);
  assert.equal([seen.over, seen.canceled], [1, false]);
  const none = split(20);
  await none.left.cancel();
  assert.is(none.seen.canceled, false);
  await none.right.cancel();
  await settle();
  assert.equal([none.seen.over, none.seen.canceled], [1, true]);
});

test("splitStream gives up the one or the other where nobody begins to read it", async () => {
  // The wait for the other does not keep a process alive by itself.
  const alive = setInterval(() => {}, 1_000);
  try {
    await giveUp();
  } finally {
    clearInterval(alive);
  }
});

async function giveUp(): Promise<void> {
  const reader = split(20, { givesUp: "reader" });
  assert.match(await message(all(reader.left)), "other copy is not being read");
  assert.is((await all(reader.right)).length, 20);
  const other = split(20, { givesUp: "other" });
  assert.is((await all(other.left)).length, 20);
  assert.match(await message(all(other.right)), "other copy is not being read");
}

test("splitStream fails both where its source fails", async () => {
  const { left, right, seen } = split(2, { fails: true });
  const both = await Promise.all([message(all(left)), message(all(right))]);
  assert.equal(both, ["the source broke", "the source broke"]);
  assert.is(seen.over, 1);
});

test.run();
