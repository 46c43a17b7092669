import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { FrameReader } from "../../../src/cell/protocol/frame-reader.ts";
import { FrameWriter } from "../../../src/cell/protocol/frame-writer.ts";
import { Violation } from "../../../src/cell/protocol/violation.ts";
import { Random } from "../random.ts";

const BOUNDS = { frameBytes: 1_000_000, values: 1_000 };
const VALUES: readonly Flat[] = [
  null,
  true,
  false,
  0,
  -0,
  1,
  2 ** 32 - 1,
  2 ** 32,
  -1,
  0.5,
  NaN,
  Infinity,
  Number.MAX_SAFE_INTEGER,
  "",
  "text",
  "é☃𝒳",
  "lone \ud800 surrogate",
  "\0",
  "x".repeat(70_000),
  new Uint8Array(0),
  new Uint8Array([0, 255, 7]),
  new Uint8Array(8 * 1024).fill(1),
  new Uint8Array(16 * 1024).fill(2),
  new Uint8Array(50_000).fill(3),
];

function collect(pieces: readonly Buffer[]): { type: number; values: Flat[] }[] {
  const frames: { type: number; values: Flat[] }[] = [];
  const reader = new FrameReader(BOUNDS, (type, values) => frames.push({ type, values }));
  for (const piece of pieces) reader.push(piece);
  return frames;
}

test("FrameWriter and FrameReader carry every kind of value unchanged", () => {
  const writer = new FrameWriter();
  writer.frame(7, VALUES);
  writer.frame(8, []);
  const [first, second, ...rest] = collect([Buffer.concat(writer.take())]);
  assert.is(rest.length, 0);
  assert.is(first?.type, 7);
  assert.is(first?.values.length, VALUES.length);
  for (const [at, value] of VALUES.entries()) {
    if (value instanceof Uint8Array) assert.equal(first?.values[at], value);
    else assert.ok(Object.is(first?.values[at], value), `value ${at}`);
  }
  assert.equal(second, { type: 8, values: [] });
});

test("FrameReader gives byte arrays that are exactly their own buffer", () => {
  const writer = new FrameWriter();
  writer.frame(1, [new Uint8Array([1, 2, 3]), new Uint8Array(new ArrayBuffer(64), 3, 5)]);
  for (const value of collect([Buffer.concat(writer.take())])[0]!.values as Uint8Array[]) {
    assert.is(Object.getPrototypeOf(value), Uint8Array.prototype);
    assert.is(value.buffer.byteLength, value.byteLength);
  }
});

test("FrameReader puts frames together however they were split", () => {
  const random = new Random(1);
  for (let round = 0; round < 100; round++) {
    const writer = new FrameWriter();
    const sent = Array.from({ length: 1 + random.int(5) }, (_, type) => ({
      type,
      values: Array.from({ length: random.int(6) }, () =>
        random.pick(VALUES.filter((value) => !Object.is(value, -0))),
      ),
    }));
    for (const { type, values } of sent) writer.frame(type, values);
    const all = Buffer.concat(writer.take());
    const pieces: Buffer[] = [];
    for (let at = 0; at < all.length;) {
      const size = 1 + random.int(random.pick([3, 10, 50_000]));
      pieces.push(Buffer.from(all.subarray(at, at + size)));
      at += size;
    }
    assert.equal(collect(pieces), sent);
  }
});

test("FrameWriter does not copy large byte arrays, and FrameReader makes one array of what comes", () => {
  const writer = new FrameWriter();
  const body = new Uint8Array(200_000).fill(5);
  writer.frame(1, ["before", body, "after"]);
  writer.frame(2, [body]);
  const pieces = writer.take();
  assert.is(pieces.filter((piece) => piece === body).length, 2);
  assert.is(pieces.length, 4);
  const frames = collect(pieces.map((piece) => Buffer.from(piece)));
  assert.equal(frames[0]?.values, ["before", body, "after"]);
  assert.equal(frames[1], { type: 2, values: [body] });
});

test("FrameWriter writes into the same memory again only when it was told", () => {
  const writer = new FrameWriter();
  writer.frame(1, ["first"]);
  const [first] = writer.take();
  writer.frame(1, ["second"]);
  const [second] = writer.take();
  assert.equal(collect([Buffer.from(first!)])[0]?.values, ["first"]);
  assert.equal(collect([Buffer.from(second!)])[0]?.values, ["second"]);
  writer.reuse();
  writer.frame(1, ["third"]);
  const [third] = writer.take();
  assert.is(third?.byteOffset, 0);
  assert.equal(collect([Buffer.from(third!)])[0]?.values, ["third"]);
});

test("FrameReader refuses what is no frame, without anything but a Violation", () => {
  const random = new Random(2);
  let refused = 0;
  for (let round = 0; round < 3_000; round++) {
    const writer = new FrameWriter();
    writer.frame(
      random.int(256),
      Array.from({ length: random.int(5) }, () => random.pick(VALUES.slice(0, 16))),
    );
    const bytes =
      round % 2 === 0 ? Buffer.from(Buffer.concat(writer.take())) : Buffer.from(random.bytes(random.int(64)));
    for (let i = random.int(4); i > 0 && bytes.length > 0; i--)
      bytes[random.int(bytes.length)] = random.int(256);
    try {
      collect([bytes]);
    } catch (error) {
      assert.instance(error, Violation);
      refused++;
    }
  }
  assert.ok(refused > 500);
});

test("FrameReader refuses frames beyond its bounds before it has them", () => {
  const header = (length: number): Buffer => {
    const bytes = Buffer.alloc(6);
    bytes.writeUInt32LE(length);
    bytes[4] = 1;
    return bytes;
  };
  assert.throws(() => collect([header(BOUNDS.frameBytes)]), /a frame of/);
  assert.throws(() => collect([header(0xffffffff)]), /a frame of/);
  assert.throws(() => collect([header(1)]), /a frame of/);
  const writer = new FrameWriter();
  writer.frame(
    1,
    Array.from({ length: BOUNDS.values + 1 }, () => null),
  );
  assert.throws(() => collect([Buffer.concat(writer.take())]), /too many values/);
});

test.run();
