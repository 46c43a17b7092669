import { test } from "uvu";
import * as assert from "uvu/assert";
import { latin1 } from "../../../runtime-api/encoding/latin1.ts";
import { TextDecoder as OwnDecoder } from "../../../runtime-api/encoding/text-decoder.ts";
import { TextEncoder as OwnEncoder } from "../../../runtime-api/encoding/text-encoder.ts";
import { utf8Decode, utf8Encode } from "../../../runtime-api/encoding/utf8.ts";
import { standInIo } from "../stand-in-io.ts";

const TEXTS = [
  "",
  "abc",
  "é",
  "€uro",
  "😀",
  "a\ud800b",
  "\udc00",
  "\ud83d",
  "\ud83d\ud83d\ude00",
  "\ufeffx",
  "ÿĀ\u07ff\u0800\uffff\u{10ffff}",
  "x".repeat(600) + "é".repeat(600),
];

test("utf8Encode() and utf8Decode() agree with Node's coder, here and by question", () => {
  const seen = standInIo();
  for (const text of TEXTS) {
    const bytes = utf8Encode(text);
    assert.equal([...bytes], [...new TextEncoder().encode(text)], JSON.stringify(text));
    assert.is(bytes.byteLength, bytes.buffer.byteLength);
    assert.is(utf8Decode(bytes), text.toWellFormed());
  }
  assert.is(seen.asked, 0);
  const long = "é".repeat(5_000);
  assert.is(utf8Decode(utf8Encode(long)), long);
  assert.is(utf8Decode(utf8Encode(`x${long}`).subarray(1)), long);
  assert.is(seen.asked, 4);
  const mostlyAscii = `${"x".repeat(7_000)}${"é".repeat(500)}`;
  assert.is(utf8Decode(new TextEncoder().encode(mostlyAscii)), mostlyAscii);
  const ascii = "x".repeat(8_193);
  assert.is(utf8Decode(new TextEncoder().encode(ascii)), ascii);
  assert.is(seen.asked, 5);
});

test("latin1() gives a character per byte, whatever the length", () => {
  const bytes = new Uint8Array(10_000).map((_, i) => i * 7);
  for (const length of [0, 1, 15, 16, 17, 600, 8_191, 8_192, 8_193, 10_000])
    assert.is(latin1(bytes, length), Buffer.from(bytes.subarray(0, length)).toString("latin1"), `${length}`);
});

test("TextDecoder gives what Node's gives for every sequence of odd bytes", () => {
  standInIo();
  const odd = [
    0x00, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5,
    0xff, 0xbb,
  ];
  for (const a of odd)
    for (const b of odd)
      for (const c of odd)
        for (const d of odd) {
          const bytes = new Uint8Array([a, b, c, d, 0x41]);
          if (new OwnDecoder().decode(bytes) !== new TextDecoder().decode(bytes))
            assert.unreachable(String([...bytes]));
          const own = new OwnDecoder();
          const piecewise =
            own.decode(bytes.subarray(0, 1), { stream: true }) +
            own.decode(bytes.subarray(1, 3), { stream: true }) +
            own.decode(bytes.subarray(3));
          if (piecewise !== new TextDecoder().decode(bytes)) assert.unreachable(`piecewise ${[...bytes]}`);
        }
});

test("TextDecoder keeps half a character between pieces, and forgets it at the end", () => {
  standInIo();
  const decoder = new OwnDecoder();
  assert.is(decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true }), "");
  assert.is(decoder.decode(new Uint8Array([0xac]), { stream: true }), "€");
  assert.is(decoder.decode(new Uint8Array([0xe2]), { stream: true }), "");
  assert.is(decoder.decode(), "\ufffd");
  assert.is(decoder.decode(new Uint8Array([0x41])), "A");
});

test("TextDecoder drops one BOM at the start unless told to keep it", () => {
  standInIo();
  const bom = new Uint8Array([0xef, 0xbb, 0xbf, 0x41]);
  assert.is(new OwnDecoder().decode(bom), "A");
  assert.is(new OwnDecoder("utf-8", { ignoreBOM: true }).decode(bom), "\ufeffA");
  const pieces = new OwnDecoder();
  assert.is(
    pieces.decode(bom.subarray(0, 2), { stream: true }) +
      pieces.decode(bom.subarray(2), { stream: true }) +
      pieces.decode(bom),
    "A\ufeffA",
  );
});

test("TextDecoder refuses malformed bytes where fatal, and labels that it does not know", () => {
  standInIo();
  assert.throws(
    () => new OwnDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xff])),
    (error: unknown) => error instanceof TypeError,
  );
  const long = new Uint8Array(5_000).fill(0xff);
  assert.throws(
    () => new OwnDecoder("utf-8", { fatal: true }).decode(long),
    (error: unknown) => error instanceof TypeError,
  );
  assert.is(new OwnDecoder(" UTF8\n").encoding, "utf-8");
  assert.throws(
    () => new OwnDecoder("utf-8", "fatal" as never),
    (error: unknown) => error instanceof TypeError,
  );
  assert.throws(
    () => new OwnDecoder().decode("x" as never),
    (error: unknown) => error instanceof TypeError,
  );
});

test("TextDecoder takes memory that was transferred away for empty", () => {
  standInIo();
  const bytes = new Uint8Array([0x41]);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  assert.is(new OwnDecoder().decode(bytes), "");
  assert.is(new OwnDecoder().decode(bytes.buffer), "");
  assert.equal(new OwnEncoder().encodeInto("A", bytes), { read: 0, written: 0 });
});

test("TextEncoder.encodeInto() copies what is long and fits, and cuts what does not", () => {
  standInIo();
  const text = "é".repeat(5_000);
  const into = new Uint8Array(10_001);
  assert.equal(new OwnEncoder().encodeInto(text, into), { read: 5_000, written: 10_000 });
  assert.is(new TextDecoder().decode(into.subarray(0, 10_000)), text);
  assert.equal(new OwnEncoder().encodeInto(text, new Uint8Array(9_999)), { read: 4_999, written: 9_998 });
  assert.equal(new OwnEncoder().encodeInto(text, new Uint8Array(3)), { read: 1, written: 2 });
});

test("TextEncoder.encodeInto() writes whole characters only", () => {
  const into = new Uint8Array(4);
  assert.equal(new OwnEncoder().encodeInto("a€€", into), { read: 2, written: 4 });
  assert.equal([...into], [0x61, 0xe2, 0x82, 0xac]);
  assert.equal(new OwnEncoder().encodeInto("😀", new Uint8Array(3)), { read: 0, written: 0 });
  assert.equal(new OwnEncoder().encodeInto("😀", new Uint8Array(4)), { read: 2, written: 4 });
  assert.is(new OwnEncoder().encode().length, 0);
});

test.run();
