test("FixedLengthStream takes as many bytes as it was told", async () => {
  const { readable, writable } = new FixedLengthStream(3);
  const writer = writable.getWriter();
  const written = Promise.all([writer.write(bytes(1, 2)), writer.write(bytes(3)), writer.close()]);
  equal(await new Response(readable).bytes(), bytes(1, 2, 3));
  await written;
  const short = new FixedLengthStream(3);
  const closing = short.writable.close();
  await rejects("TypeError", Promise.all([closing, new Response(short.readable).bytes()]));
});
test("IdentityTransformStream takes bytes only", async () => {
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  const written = writer.write(utf8("ab"));
  equal((await readable.getReader().read()).value, utf8("ab"));
  await written;
  await rejects("TypeError", writer.write(5));
});
