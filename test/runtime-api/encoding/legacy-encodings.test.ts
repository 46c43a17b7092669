import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadImage } from "../../../src/isolate/image.ts";
import { makeSpare } from "../../../src/isolate/spare.ts";

const SINGLE =
  "ibm866 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-8-i iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 koi8-r koi8-u macintosh windows-874 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 x-mac-cyrillic x-user-defined".split(
    " ",
  );
const SAMPLES: readonly (readonly [label: string, text: string, bytes: readonly number[]])[] = [
  ["big5", "中文", [0xa4, 0xa4, 0xa4, 0xe5]],
  ["euc-jp", "日本ｱ", [0xc6, 0xfc, 0xcb, 0xdc, 0x8e, 0xb1]],
  ["euc-kr", "한글", [0xc7, 0xd1, 0xb1, 0xdb]],
  ["gb18030", "中\u{1f600}", [0xd6, 0xd0, 0x94, 0x39, 0xfc, 0x36]],
  ["gbk", "中€", [0xd6, 0xd0, 0x80]],
  ["iso-2022-jp", "日", [0x1b, 0x24, 0x42, 0x46, 0x7c]],
  ["shift_jis", "日本ｱ", [0x93, 0xfa, 0x96, 0x7b, 0xb1]],
  ["utf-16le", "中\u{1f600}", [0x2d, 0x4e, 0x3d, 0xd8, 0x00, 0xde]],
  ["utf-16be", "中\u{1f600}", [0x4e, 0x2d, 0xd8, 0x3d, 0xde, 0x00]],
];

const spare = await makeSpare(await loadImage(), { memoryMb: 64 });
const run = (code: string): Promise<unknown> => spare.context.eval(code);
const list = (bytes: readonly number[]): string => `new Uint8Array([${bytes.join()}])`;

test("TextDecoder decodes every byte of every single-byte encoding as Node does", async () => {
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  for (const label of SINGLE) {
    const expected = new TextDecoder(label).decode(new Uint8Array(all));
    // Some releases of Node take windows-1252 for latin1.
    if (label === "windows-1252" && !expected.includes("€")) continue;
    assert.is(await run(`new TextDecoder("${label}").decode(${list(all)})`), expected, label);
  }
});

test("TextDecoder decodes multi-byte encodings, whole and byte by byte", async () => {
  for (const [label, text, bytes] of SAMPLES) {
    assert.is(await run(`new TextDecoder("${label}", { fatal: true }).decode(${list(bytes)})`), text, label);
    const pieces = `(() => { const d = new TextDecoder("${label}"); let text = "";
      for (const byte of ${list(bytes)}) text += d.decode(new Uint8Array([byte]), { stream: true });
      return text + d.decode(); })()`;
    assert.is(await run(pieces), text, `${label} in pieces`);
  }
});

test("TextDecoder gives the same for any bytes, whole or in pieces, fatal only where nothing is replaced", async () => {
  for (const [label] of SAMPLES) {
    const problem = await run(`(() => {
      let seed = 7;
      const random = (below) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
      for (let round = 0; round < 200; round++) {
        const bytes = new Uint8Array(40);
        // Escapes, leads and trails come often.
        for (let i = 0; i < 40; i++) bytes[i] = [27, 36, 40, 66, 0x30, 0x81, 0xa4][random(12)] ?? random(256);
        const whole = new TextDecoder("${label}").decode(bytes);
        const d = new TextDecoder("${label}");
        let pieces = "";
        for (let at = 0; at < 40;) pieces += d.decode(bytes.subarray(at, at += 1 + random(5)), { stream: true });
        pieces += d.decode();
        if (pieces !== whole) return "pieces: " + bytes;
        let fatal;
        try { fatal = new TextDecoder("${label}", { fatal: true }).decode(bytes); } catch (error) { fatal = error.name; }
        if (fatal !== whole && fatal !== "TypeError") return "fatal: " + bytes;
        if (fatal === "TypeError" && !whole.includes("\ufffd")) return "refused: " + bytes;
      }
    })()`);
    assert.is(problem, undefined, label);
  }
});

test("TextDecoder refuses malformed bytes where fatal, and starts anew after it", async () => {
  // Without their last byte the samples of the others are well-formed.
  const whole = ["gbk", "shift_jis"];
  for (const [label, text, bytes] of SAMPLES.filter(([name]) => !whole.includes(name))) {
    const cut = list(bytes.slice(0, -1));
    const loose = (await run(`new TextDecoder("${label}").decode(${cut})`)) as string;
    assert.ok(loose.includes("\ufffd"), label);
    const code = `(() => { const d = new TextDecoder("${label}", { fatal: true }); let name;
      try { d.decode(${cut}) } catch (error) { name = error.name }
      return name + d.decode(${list(bytes)}); })()`;
    assert.is(await run(code), `TypeError${text}`, label);
  }
});

test("TextDecoder drops a BOM of UTF-16, and only of UTF", async () => {
  assert.is(await run(`new TextDecoder("utf-16").decode(${list([0xff, 0xfe, 0x41, 0])})`), "A");
  assert.is(
    await run(`new TextDecoder("utf-16", { ignoreBOM: true }).decode(${list([0xff, 0xfe, 0x41, 0])})`),
    "\ufeffA",
  );
  assert.is(
    await run(`new TextDecoder("gb18030").decode(${list([0x84, 0x31, 0x95, 0x33, 0x41])})`),
    "\ufeffA",
  );
});

test("TextDecoder knows labels in any case, and refuses those that decode to nothing", async () => {
  assert.is(await run(`new TextDecoder(" Shift-JIS\\n").encoding`), "shift_jis");
  assert.is(await run(`new TextDecoder("LATIN1").encoding`), "windows-1252");
  assert.is(await run(`new TextDecoder("iso-8859-9").encoding`), "windows-1254");
  for (const label of ["replacement", "iso-2022-kr", "utf-7", "utf-32", "", "utf-8\u00a0", "\u212aoi8-r"]) {
    const code = `(() => { try { new TextDecoder(${JSON.stringify(label)}) } catch (error) { return error.name } })()`;
    assert.is(await run(code), "RangeError", JSON.stringify(label));
  }
});

test("close", () => spare.isolate.dispose());

test.run();
