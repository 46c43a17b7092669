const round = (format, text) =>
  new Response(
    new Response(text).body
      .pipeThrough(new CompressionStream(format))
      .pipeThrough(new DecompressionStream(format)),
  ).text();
test("what is compressed comes back", async () => {
  const text = "skerry ".repeat(20_000);
  for (const format of ["gzip", "deflate", "deflate-raw"])
    equal((await round(format, text)) === text, true, format);
});
test("bad formats, bad data, data that ends early or goes on", async () => {
  throws("TypeError", () => new CompressionStream("rar"));
  const read = (...chunks) =>
    new Response(streamOf(...chunks).pipeThrough(new DecompressionStream("gzip"))).bytes();
  const packed = await new Response(streamOf(utf8("x")).pipeThrough(new CompressionStream("gzip"))).bytes();
  equal(await read(packed), utf8("x"));
  await rejects("TypeError", read(bytes(1, 2, 3)));
  await rejects("TypeError", read(packed.slice(0, -2)));
  await rejects("TypeError", read(packed, bytes(0)));
  await rejects("TypeError", read("text"));
});
