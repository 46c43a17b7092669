test("UTF-8 goes both ways, in pieces too", () => {
  equal(
    new TextEncoder().encode("aä€😀\ud800"),
    bytes(97, 195, 164, 226, 130, 172, 240, 159, 152, 128, 239, 191, 189),
  );
  const into = new Uint8Array(4);
  equal(new TextEncoder().encodeInto("ä€x", into), { read: 1, written: 2 });
  const decoder = new TextDecoder();
  equal(decoder.decode(bytes(0xe2, 0x82), { stream: true }) + decoder.decode(bytes(0xac)), "€");
  throws("TypeError", () => new TextDecoder("utf-8", { fatal: true }).decode(bytes(0xff)));
});
test("legacy encodings decode", () => {
  equal(new TextDecoder("latin1").encoding, "windows-1252");
  equal(new TextDecoder("windows-1252").decode(bytes(0x80, 0xe4)), "€ä");
  equal(new TextDecoder("shift_jis").decode(bytes(0x82, 0xa0)), "あ");
  equal(new TextDecoder("gb18030").decode(bytes(0xc4, 0xe3)), "你");
  equal(new TextDecoder("utf-16be").decode(bytes(0, 97)), "a");
  throws("RangeError", () => new TextDecoder("nothing"));
});
test("text streams", async () => {
  const up = streamOf("a", "ä\ud83d", "\ude00").pipeThrough(new TextEncoderStream());
  equal(await new Response(up).text(), "aä😀");
  const reader = streamOf(bytes(0xe2), bytes(0x82, 0xac)).pipeThrough(new TextDecoderStream()).getReader();
  equal((await reader.read()).value, "€");
});
