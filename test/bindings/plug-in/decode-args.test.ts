import { deepStrictEqual } from "node:assert/strict";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Flat } from "../../../runtime-api/contract/flat.ts";
import { encodePlain } from "../../../runtime-api/plug-in/encode-plain.ts";
import { decodePlain } from "../../../runtime-api/plug-in/decode-plain.ts";
import { decodeArgs } from "../../../src/bindings/plug-in/decode-args.ts";
import { BadAnswer, encodeAnswer } from "../../../src/bindings/plug-in/encode-answer.ts";
import { CallError } from "../../../src/bindings/binding.ts";
import { standInIo } from "../../runtime-api/stand-in-io.ts";
import { Random } from "../../cell/random.ts";

standInIo();

const PART = "\\u0000";
const refuses = (json: Flat, ...parts: Flat[]): void => {
  assert.throws(
    () => decodeArgs(json, parts),
    (error: unknown) => error instanceof CallError,
    String(json).slice(0, 80),
  );
};

test("decodeArgs refuses all that an honest runtime does not send", () => {
  const bytes = new Uint8Array(1);
  refuses(1);
  refuses("");
  refuses("{}");
  refuses("[");
  refuses("[1]", "text");
  refuses("[1]", 5);
  refuses(`[{"${PART}":[0]}]`);
  refuses(`[{"${PART}":[1]}]`, bytes);
  refuses(`[{"${PART}":["0"]}]`, bytes);
  refuses(`[{"${PART}":[-1]}]`, bytes);
  refuses(`[{"${PART}":[0.5]}]`, bytes);
  refuses(`[{"${PART}":{}}]`, bytes);
  refuses(`[{"${PART}":[0],"a":1}]`, bytes);
  refuses(`[{"a":1,"${PART}":[0]}]`, bytes);
  refuses(`[{"${PART}x":1}]`);
  refuses(`[{"${PART}":[0]},{"${PART}":[0]}]`, bytes);
  refuses(`[{"__proto__":{"isAdmin":true}}]`);
  refuses(`[{"a":[{"__proto__":null}]}]`);
  refuses(`${"[".repeat(100)}${"]".repeat(100)}`);
  refuses("[".repeat(130_000) + "]".repeat(130_000));
  refuses(`[${"1,".repeat(60_000)}1]`);
  refuses(`["${"x".repeat(300_000)}"]`);
  refuses("[]", ...Array.from({ length: 1_001 }, () => bytes));
  refuses("[]", new Uint8Array(26 * 1024 * 1024));
});

test("plain data crosses both ways as it is", () => {
  const random = new Random(7);
  const value = (depth: number): unknown => {
    const kind = random.int(depth > 4 ? 7 : 9);
    if (kind === 0) return null;
    if (kind === 1) return random.int(2) === 1;
    if (kind === 2) return random.int(1_000_000) / 7;
    if (kind === 3) return "é\0\n💡".repeat(random.int(4));
    if (kind === 4) return "long ü ".repeat(700);
    if (kind === 5) return new Uint8Array(random.int(2_000)).fill(random.int(256));
    if (kind === 6) return "";
    const size = random.int(5);
    if (kind === 7) return Array.from({ length: size }, () => value(depth + 1));
    return Object.fromEntries(
      Array.from({ length: size }, (_, i) => [
        ["constructor", "then", "toString", "é"][i % 4],
        value(depth + 1),
      ]),
    );
  };
  for (let i = 0; i < 300; i++) {
    const values = [value(0), value(0)];
    const { json, parts } = encodePlain(values);
    // A field may be called "constructor", by which others compare.
    deepStrictEqual(decodeArgs(json, parts).args, values);
    const [answer, ...back] = encodeAnswer(values);
    deepStrictEqual(decodePlain(answer as string, back), values);
  }
  assert.is(decodePlain("", []), undefined);
});

test("encodePlain takes what JSON and structured clones take of each other, and names what cannot travel", () => {
  const plain = (value: unknown): unknown => {
    const { json, parts } = encodePlain([value]);
    return decodeArgs(json, parts).args[0];
  };
  assert.equal(plain({ a: undefined, b: () => 1, c: [undefined] }), { c: [null] });
  assert.equal(plain(new Date(0)), "1970-01-01T00:00:00.000Z");
  assert.equal(plain(new Float32Array([0.5, 2])), [0.5, 2]);
  assert.equal(plain(new Uint16Array([258])), new Uint8Array([2, 1]));
  assert.equal(plain(new Uint8Array([1, 2, 3]).subarray(1).buffer), new Uint8Array([1, 2, 3]));
  assert.equal(plain(new Uint8Array([1, 2, 3]).subarray(1)), new Uint8Array([2, 3]));
  const fails = (value: unknown, text: RegExp): void => assert.throws(() => plain(value), text);
  const circle: unknown[] = [];
  circle.push(circle);
  fails(circle, /nested more than 64 deep/);
  fails(Number.NaN, /number NaN/);
  fails(1n, /bigint/);
  fails(Symbol("x"), /symbol/);
  fails(() => {}, /function/);
  fails(new Map(), /neither plain data nor bytes/);
  fails(Promise.resolve(), /neither plain data nor bytes/);
  fails(JSON.parse('{"__proto__":1}'), /__proto__/);
  fails({ "\0": 1 }, /cannot travel/);
  fails(
    Array.from({ length: 60_000 }, () => 1),
    /50000 values/,
  );
  fails(
    Array.from({ length: 200 }, () => "x".repeat(4_000)),
    /262144 characters/,
  );
  fails(new Uint8Array(26 * 1024 * 1024), /bytes/);
  fails(
    {
      get a() {
        throw new RangeError("mine");
      },
    },
    /mine/,
  );
});

test("encodeAnswer bounds what a plug-in answers, and copies its memory", () => {
  const memory = new Uint8Array(8);
  const [, part] = encodeAnswer(memory.subarray(2, 4));
  memory.fill(9);
  assert.equal(part, new Uint8Array([0, 0]));
  assert.is((part as Uint8Array).buffer.byteLength, 2);
  const circle: unknown[] = [];
  circle.push(circle);
  for (const bad of [circle, () => 1, { a: 1n }, Array.from({ length: 600_000 }, () => 0), { "\0": 1 }])
    assert.throws(() => encodeAnswer(bad));
});

test("encodeAnswer bounds the JSON of an answer: short strings, keys, what is escaped, and places without a value", () => {
  const refused = (answer: unknown, text: RegExp): void =>
    assert.throws(
      () => encodeAnswer(answer),
      (error: unknown) => error instanceof BadAnswer && text.test(error.message),
    );
  const characters = /more than 26214400 characters/;
  refused(
    Array.from({ length: 8_000 }, () => "x".repeat(4_000)),
    characters,
  );
  refused({ ["k".repeat(27 * 1024 * 1024)]: 1 }, characters);
  refused(
    Array.from({ length: 1_500 }, () => "\0".repeat(4_000)),
    characters,
  );
  refused(Array.from({ length: 2 ** 24 }), /500000 values/);
  const holes: unknown[] = [];
  holes.length = 2 ** 24;
  refused(holes, /500000 values/);
  assert.equal(encodeAnswer([undefined, 1]), ["[null,1]"]);
  assert.equal(encodeAnswer({ toJSON: () => undefined }), [""]);
  assert.equal(encodeAnswer({ a: { toJSON: () => undefined } }), ["{}"]);
});

test.run();
