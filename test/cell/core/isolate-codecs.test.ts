import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  CODEC_BYTES_PER_EVENT,
  CODEC_INPUT_BYTES,
  CODEC_OUTPUT_BYTES,
} from "../../../runtime-api/contract/bounds.ts";
import type { CellAnswer } from "../../../src/cell/core/cell-answer.ts";
import { Gate } from "../../../src/cell/core/gate.ts";
import { codecBytes } from "../../../src/cell/core/codec.ts";
import { IsolateCodecs } from "../../../src/cell/core/isolate-codecs.ts";

const EMPTY = new Uint8Array(0);
const TEXT = new TextEncoder().encode("words and words, ".repeat(20_000));

interface Drained {
  readonly bytes: Uint8Array;
  readonly steps: number;
  readonly cpuUs: number;
}

/** Takes what one input gives, step by step. */
async function drain(
  codecs: IsolateCodecs,
  id: number,
  mode: string,
  input: Uint8Array,
  finish: boolean,
): Promise<Drained> {
  const pieces: Uint8Array[] = [];
  let cpuUs = 0;
  for (let next = input; ; next = EMPTY) {
    const answer = await codecs.step(1, [id, mode, next, finish]);
    if (!answer.ok) throw new Error(answer.values.join(": "));
    const [bytes, more] = answer.values as [Uint8Array, boolean];
    assert.ok(bytes.length <= CODEC_OUTPUT_BYTES);
    assert.is(bytes.length, bytes.buffer.byteLength);
    pieces.push(bytes);
    cpuUs += answer.cpuUs;
    if (!more) return { bytes: new Uint8Array(Buffer.concat(pieces)), steps: pieces.length, cpuUs };
  }
}

function message(answer: CellAnswer): string {
  assert.is(answer.ok, false);
  return answer.values.join(": ");
}

test("a codec packs and unpacks what zlib does, in pieces of any size", async () => {
  const codecs = new IsolateCodecs(new Gate(3));
  const formats = [
    ["gzip", gunzipSync, "gunzip", gzipSync],
    ["deflate", inflateSync, "inflate", deflateSync],
    ["deflate-raw", inflateRawSync, "inflate-raw", deflateRawSync],
  ] as const;
  let id = 0;
  for (const [pack, unpackAll, unpack, packAll] of formats) {
    id++;
    const packed: Uint8Array[] = [];
    for (let at = 0; at < TEXT.length; at += 100_001)
      packed.push((await drain(codecs, id, pack, TEXT.slice(at, at + 100_001), false)).bytes);
    packed.push((await drain(codecs, id, pack, EMPTY, true)).bytes);
    assert.equal(new Uint8Array(unpackAll(Buffer.concat(packed))), TEXT);
    id++;
    const whole = new Uint8Array(packAll(TEXT));
    const unpacked: Uint8Array[] = [];
    for (let at = 0; at < whole.length; at += 7)
      unpacked.push((await drain(codecs, id, unpack, whole.slice(at, at + 7), false)).bytes);
    unpacked.push((await drain(codecs, id, unpack, EMPTY, true)).bytes);
    assert.equal(new Uint8Array(Buffer.concat(unpacked)), TEXT);
  }
});

test("a bomb comes in bounded pieces, each of which costs CPU", async () => {
  const bomb = new Uint8Array(gzipSync(new Uint8Array(20_000_000)));
  const { bytes, steps, cpuUs } = await drain(new IsolateCodecs(new Gate(3)), 1, "gunzip", bomb, true);
  assert.is(bytes.length, 20_000_000);
  assert.ok(steps > 300);
  assert.ok(cpuUs > 15_000, `${cpuUs}`);
});

test("malformed, truncated and trailing bytes are TypeErrors, and end the codec", async () => {
  const codecs = new IsolateCodecs(new Gate(3));
  const packed = new Uint8Array(gzipSync("hello"));
  const step = (id: number, bytes: Uint8Array, finish = true): Promise<CellAnswer> =>
    codecs.step(1, [id, "gunzip", bytes, finish]);
  assert.match(message(await step(1, new Uint8Array([1, 2, 3]))), /^TypeError: .*incorrect header check/);
  assert.match(message(await step(2, packed.slice(0, -1))), /^TypeError: .*ends too early/);
  assert.match(message(await step(3, EMPTY)), /^TypeError: .*ends too early/);
  for (const extra of [new Uint8Array([0]), new Uint8Array(gzipSync("again"))]) {
    assert.match(
      message(await step(4, new Uint8Array(Buffer.concat([packed, extra])))),
      /^TypeError: .*follow/,
    );
    assert.ok((await step(5, packed, false)).ok);
    assert.match(message(await step(5, extra, false)), /^TypeError: .*follow/);
  }
  // The id is free again.
  assert.ok((await step(5, packed)).ok);
});

test("a step that no honest runtime sends is refused", async () => {
  const codecs = new IsolateCodecs(new Gate(3));
  for (const args of [
    [],
    [0, "gzip", EMPTY, false],
    [1.5, "gzip", EMPTY, false],
    [1, "brotli", EMPTY, false],
    [1, "toString", EMPTY, false],
    [1, "gzip", "text", false],
    [1, "gzip", EMPTY, 1],
    [1, "gzip", new Uint8Array(CODEC_INPUT_BYTES + 1), false],
  ])
    assert.match(message(await codecs.step(1, args)), /^TypeError/);
  const first = codecs.step(1, [1, "gzip", TEXT.slice(0, 1_000), false]);
  assert.match(message(await codecs.step(1, [1, "gzip", EMPTY, false])), /out of turn/);
  assert.ok((await first).ok);
  assert.match(message(await codecs.step(1, [1, "gunzip", EMPTY, false])), /out of turn/);
  const bomb = new Uint8Array(gzipSync(new Uint8Array(1_000_000)));
  assert.equal((await codecs.step(1, [2, "gunzip", bomb, false])).values[1], true);
  assert.match(message(await codecs.step(1, [2, "gunzip", bomb, false])), /out of turn/);
});

/** Steps that each take so long and so much CPU of the process, in microseconds. */
function inSteps(passedUs: number, cpuUs: number): IsolateCodecs {
  let reads = 0;
  return new IsolateCodecs(new Gate(3), () => {
    // Read twice in a step: when it begins, and when it is over.
    const steps = Math.ceil(reads++ / 2);
    return { passedUs: steps * passedUs, cpuUs: steps * cpuUs };
  });
}

test("bytes that were made to be slow cost half of what they take, and ordinary ones what they usually do", async () => {
  const bytes = new Uint8Array(200_000);
  const costOf = async (passedUs: number, cpuUs: number): Promise<number> => {
    const { steps, cpuUs: cost } = await drain(inSteps(passedUs, cpuUs), 1, "gzip", bytes, true);
    assert.is(steps, 1);
    return Math.round(cost);
  };
  const usualUs = await costOf(0, 0);
  assert.ok(usualUs > 400 && usualUs < 2_000, `${usualUs}`);
  assert.is(await costOf(500, 500), usualUs);
  const overheadUs = 130;
  assert.is(await costOf(20_000, 20_000), overheadUs + 10_000);
  // Others use the CPU, or nobody does: the step took no more than the less of both.
  assert.is(await costOf(20_000, 60_000), overheadUs + 10_000);
  assert.is(await costOf(60_000, 20_000), overheadUs + 10_000);
  // No bytes are slower than this, however long a machine stands still.
  assert.is(await costOf(60_000_000, 60_000_000), overheadUs + 40_000);
});

test("opening a codec and each step cost CPU, however few the bytes are", async () => {
  const codecs = new IsolateCodecs(new Gate(3));
  const first = await codecs.step(1, [1, "gzip", EMPTY, false]);
  const second = await codecs.step(1, [1, "gzip", EMPTY, false]);
  assert.ok(second.cpuUs > 0);
  assert.ok(first.cpuUs > second.cpuUs);
});

test("what codecs hold is bounded, by event and by isolate, and is free when they go", async () => {
  const codecs = new IsolateCodecs(new Gate(3));
  const open = async (event: number): Promise<number> => {
    for (let id = 1; ; id++)
      if (!(await codecs.step(event, [id, "gzip", new Uint8Array(1), false])).ok) return id - 1;
  };
  const most = Math.floor(CODEC_BYTES_PER_EVENT / codecBytes("gzip"));
  assert.is(await open(1), most);
  assert.is(await open(2), most);
  assert.ok((await open(3)) < most);
  codecs.end(2, [1]);
  assert.ok((await codecs.step(2, [100, "gzip", EMPTY, false])).ok);
  codecs.endEvent(1);
  assert.is(await open(4), most);
  codecs.close();
  assert.is(await open(5), most);
});

test("steps of an event that ends are answered, also those that wait for their place", async () => {
  const codecs = new IsolateCodecs(new Gate(3));
  const steps = [1, 2, 3, 4, 5].map((id) => codecs.step(1, [id, "gzip", TEXT.slice(0, 200_000), false]));
  codecs.endEvent(1);
  for (const answer of await Promise.all(steps)) assert.match(message(answer), /closed/);
  assert.ok((await codecs.step(2, [1, "gzip", TEXT.slice(0, 200_000), true])).ok);
});

test.run();
