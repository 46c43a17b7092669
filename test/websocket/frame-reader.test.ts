import { test } from "uvu";
import * as assert from "uvu/assert";
import { CHUNK_BYTES } from "../../runtime-api/contract/bounds.ts";
import { FrameReader, type FrameSink } from "../../src/websocket/frame-reader.ts";
import { closePayload, Opcode, writeFrame } from "../../src/websocket/frame-writer.ts";
import { Random } from "../cell/random.ts";

interface Read {
  readonly reader: FrameReader;
  readonly seen: unknown[];
  takes: boolean;
}

function read(options: { expectsMask?: boolean | "either"; maxMessageBytes?: number } = {}): Read {
  const seen: unknown[] = [];
  const state: { takes: boolean } = { takes: true };
  const sink: FrameSink = {
    get takes() {
      return state.takes;
    },
    message: (data) => seen.push(data),
    part: (isText, isLast, bytes) => seen.push([isText, isLast, bytes]),
    idle: () => true,
    ping: (payload) => seen.push(["ping", payload.length]),
    pong: () => seen.push("pong"),
    close: (code, reason) => seen.push(["close", code, reason]),
    broken: (code) => seen.push(["broken", code]),
  };
  const reader = new FrameReader(sink, { expectsMask: false, maxMessageBytes: 1e9, ...options });
  return Object.assign(state, { reader, seen });
}

function frame(opcode: Opcode, payload: string | Uint8Array, isFinal = true, masks = false): Buffer {
  return Buffer.concat(writeFrame(opcode, isFinal, Buffer.from(payload as string), masks));
}

test("FrameReader reads what writeFrame writes, masked or not, whatever the pieces", () => {
  const random = new Random(7);
  for (const masks of [false, true]) {
    const sizes = [0, 1, 2, 3, 4, 5, 125, 126, 127, 65_535, 65_536];
    const payloads = sizes.map((size) =>
      Buffer.from(random.bytes(Math.min(size, 300)))
        .toString("hex")
        .repeat(400)
        .slice(0, size),
    );
    const bytes = Buffer.concat([
      ...payloads.map((text) => frame(Opcode.binary, text, true, masks)),
      frame(Opcode.ping, "abc", true, masks),
      frame(Opcode.pong, "", true, masks),
      frame(Opcode.close, closePayload(3_001, "bye é"), true, masks),
      frame(Opcode.text, "nothing is read after a close", true, masks),
    ]);
    const { reader, seen } = read({ expectsMask: masks });
    for (let at = 0; at < bytes.length;) {
      const size = at < 2_000 ? 1 : 1 + random.int(9_000);
      reader.push(bytes.subarray(at, at + size));
      at += size;
    }
    const messages = seen.slice(0, sizes.length) as Uint8Array[];
    assert.equal(
      messages.map((data) => Buffer.from(data).toString()),
      payloads,
    );
    for (const data of messages) assert.is(data.byteLength, data.buffer.byteLength);
    assert.equal(seen.slice(sizes.length), [["ping", 3], "pong", ["close", 3_001, "bye é"]]);
  }
});

test("FrameReader gives short text whole, and long or fragmented messages in parts", () => {
  const { reader, seen } = read();
  reader.push(frame(Opcode.text, "short €"));
  reader.push(frame(Opcode.text, "x".repeat(20_000)));
  assert.is(seen[0], "short €");
  const [isText, isLast, bytes] = seen[1] as [boolean, boolean, Uint8Array];
  assert.equal([isText, isLast, bytes.length], [true, true, 20_000]);
  seen.length = 0;
  const euro = Buffer.from("€");
  reader.push(frame(Opcode.text, euro.subarray(0, 1), false));
  reader.push(frame(Opcode.ping, "amid"));
  reader.push(frame(Opcode.continuation, "", false));
  reader.push(frame(Opcode.continuation, euro.subarray(1)));
  assert.equal(seen, [
    [true, false, new Uint8Array(euro.subarray(0, 1))],
    ["ping", 4],
    [true, true, new Uint8Array(euro.subarray(1))],
  ]);
  seen.length = 0;
  reader.push(frame(Opcode.binary, new Uint8Array(2 * CHUNK_BYTES + 5)));
  assert.equal(
    (seen as [boolean, boolean, Uint8Array][]).map(([, last, part]) => [last, part.length]),
    [
      [false, CHUNK_BYTES],
      [false, CHUNK_BYTES],
      [true, 5],
    ],
  );
});

test("FrameReader waits with data while nothing is taken, and lets control frames pass before it", () => {
  const at = read();
  at.takes = false;
  at.reader.push(Buffer.concat([frame(Opcode.ping, "1"), frame(Opcode.text, "a"), frame(Opcode.ping, "22")]));
  assert.equal(at.seen, [["ping", 1]]);
  assert.ok(at.reader.waitingBytes > 0);
  at.takes = true;
  at.reader.read();
  assert.equal(at.seen, [["ping", 1], "a", ["ping", 2]]);
  assert.is(at.reader.waitingBytes, 0);
});

test("FrameReader refuses what RFC 6455 does not allow, and reads nothing after it", () => {
  const part = frame(Opcode.text, "a", false);
  const cases: Record<string, [Uint8Array, number]> = {
    "a reserved bit": [Uint8Array.of(0xc1, 0), 1002],
    "opcode 3": [Uint8Array.of(0x83, 0), 1002],
    "opcode 11": [Uint8Array.of(0x8b, 0), 1002],
    "a mask of a server": [frame(Opcode.text, "a", true, true), 1002],
    "a long ping": [Uint8Array.of(0x89, 126, 0, 126), 1002],
    "a fragmented ping": [Uint8Array.of(0x09, 0), 1002],
    "a continuation of nothing": [frame(Opcode.continuation, "a"), 1002],
    "a message amid another": [Buffer.concat([part, frame(Opcode.text, "b")]), 1002],
    "half a code": [frame(Opcode.close, "x"), 1002],
    "code 1005": [frame(Opcode.close, closePayload(1005, "")), 1002],
    "code 1016": [frame(Opcode.close, closePayload(1016, "")), 1002],
    "code 5000": [frame(Opcode.close, closePayload(5000, "")), 1002],
    "a reason that is no text": [frame(Opcode.close, Buffer.from([0x03, 0xe8, 0xff])), 1007],
    "text that is none": [frame(Opcode.text, Buffer.from([0xc3])), 1007],
    "text that breaks in a part": [
      Buffer.concat([frame(Opcode.text, Buffer.from([0xe2]), false), frame(Opcode.continuation, "a", false)]),
      1007,
    ],
    "text that ends in a character": [
      Buffer.concat([part, frame(Opcode.continuation, Buffer.from([0xe2, 0x82]))]),
      1007,
    ],
    "a length beyond all": [Uint8Array.of(0x82, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 1009],
  };
  for (const [name, [bytes, code]] of Object.entries(cases)) {
    const { reader, seen } = read({ maxMessageBytes: 1_000 });
    reader.push(bytes);
    reader.push(frame(Opcode.text, "after it"));
    assert.equal(seen.at(-1), ["broken", code], name);
  }
  const { reader, seen } = read({ expectsMask: true });
  reader.push(frame(Opcode.text, "a"));
  assert.equal(seen, [["broken", 1002]]);
});

test("FrameReader bounds a message over all its fragments", () => {
  const { reader, seen } = read({ maxMessageBytes: 10 });
  reader.push(frame(Opcode.binary, "123456", false));
  reader.push(frame(Opcode.continuation, "12345"));
  assert.equal(seen.at(-1), ["broken", 1009]);
});

test("FrameReader survives random bytes", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new Random(seed);
    const { reader, seen } = read({ maxMessageBytes: 10_000, expectsMask: seed % 2 === 0 });
    for (let i = 0; i < 20; i++) {
      const noise = random.bytes(random.int(40));
      if (noise.length > 1 && random.int(3) > 0) {
        noise[0] = random.pick([0x81, 0x82, 0x01, 0x02, 0x80, 0x00, 0x88, 0x89]);
        noise[1] = (seed % 2 === 0 ? 0x80 : 0) | random.int(20);
      }
      reader.push(noise);
    }
    assert.ok(seen.filter((one) => Array.isArray(one) && one[0] === "broken").length <= 1);
  }
});

test("FrameReader takes frames masked or not where it is told to, and only there", () => {
  const frames = [frame(Opcode.text, "a"), frame(Opcode.text, "b", true, true), frame(Opcode.ping, "c")];
  const either = read({ expectsMask: "either" });
  const strict = read({ expectsMask: true });
  for (const bytes of frames) for (const { reader } of [either, strict]) reader.push(bytes);
  assert.equal(either.seen, ["a", "b", ["ping", 1]]);
  assert.equal(strict.seen, [["broken", 1002]]);
});

test.run();
