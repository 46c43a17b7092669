test("a readable stream pulls as it is read", async () => {
  let pulls = 0;
  const stream = new ReadableStream(
    {
      pull(controller) {
        controller.enqueue(++pulls);
        if (pulls === 3) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const seen = [];
  for await (const chunk of stream) seen.push(chunk);
  equal(seen, [1, 2, 3]);
});
test("tee, pipeThrough, from", async () => {
  const [a, b] = ReadableStream.from(["x", "y"]).tee();
  const upper = new TransformStream({
    transform: (chunk, controller) => controller.enqueue(chunk.toUpperCase()),
  });
  equal(
    [await Array.fromAsync(a.pipeThrough(upper)), await Array.fromAsync(b)],
    [
      ["X", "Y"],
      ["x", "y"],
    ],
  );
});
test("byte streams fill the reader's buffer", async () => {
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller) {
      controller.byobRequest.view[0] = 7;
      controller.byobRequest.respond(1);
    },
  });
  const { value } = await stream.getReader({ mode: "byob" }).read(new Uint8Array(4));
  equal(value, bytes(7));
});
test("writers wait for their turn; errors and aborts reach both ends", async () => {
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  const written = writer.write("a");
  equal((await readable.getReader().read()).value, "a");
  await written;
  const failing = writer.abort(new RangeError("stop"));
  await failing;
  await rejects("RangeError", writer.closed);
  throws("TypeError", () => new ReadableStream({ type: "other" }));
  throws("RangeError", () => new ReadableStream({}, { highWaterMark: -1 }));
  throws("TypeError", () => new ReadableStreamDefaultReader({}));
});
