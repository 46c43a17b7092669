test("a body is read once, in any form", async () => {
  equal(await new Response("ä").arrayBuffer(), utf8("ä").buffer);
  equal(await new Response("ä").bytes(), utf8("ä"));
  equal(await new Response('{"a":1}').json(), { a: 1 });
  equal((await new Response("x", { headers: { "content-type": "a/B" } }).blob()).type, "a/b");
  const response = new Response("x");
  await response.text();
  await rejects("TypeError", response.text());
});
test("json and forms that do not parse reject", async () => {
  await rejects("SyntaxError", new Response("{").json());
  await rejects("TypeError", new Response("x").formData());
  await rejects(
    "TypeError",
    new Response("--b", { headers: { "content-type": "multipart/form-data; boundary=b" } }).formData(),
  );
});
test("a stream with a chunk that is no bytes rejects with TypeError", async () => {
  await rejects("TypeError", new Response(streamOf("text")).text());
});
test("a byte order mark is not text; malformed UTF-8 is replaced", async () => {
  equal(await new Response(bytes(0xef, 0xbb, 0xbf, 0x61)).text(), "a");
  equal(await new Response(bytes(0x61, 0xff)).text(), "a\ufffd");
});
test("what a body is made of may change afterwards", async () => {
  const source = bytes(1, 2);
  const response = new Response(source);
  source[0] = 9;
  equal(await response.bytes(), bytes(1, 2));
});
