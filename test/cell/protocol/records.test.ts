import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../../runtime-api/contract/in.ts";
import { Out, type OutMessage } from "../../../runtime-api/contract/out.ts";
import { exactBytes, FlatReader, isExactBytes } from "../../../src/cell/protocol/flat-reader.ts";
import { decodeIn, encodeIn } from "../../../src/cell/protocol/in-codec.ts";
import { decodeOut, encodeOut } from "../../../src/cell/protocol/out-codec.ts";
import { Violation } from "../../../src/cell/protocol/violation.ts";
import { Random } from "../random.ts";

const bytes = new Uint8Array([1, 2, 3]);
const INBOUND: readonly InMessage[] = [
  {
    type: In.fetch,
    event: 1,
    method: "GET",
    url: "http://a/",
    headers: "a\nb",
    body: [BodyKind.stream, 2],
    cfJson: "{}",
  },
  {
    type: In.fetch,
    event: 1,
    method: "PUT",
    url: "http://a/",
    headers: "",
    body: [BodyKind.bytes, bytes],
    cfJson: "{}",
  },
  { type: In.entry, event: 1, name: "Named", propsJson: "{}" },
  { type: In.scheduled, event: 1, cron: "* * * * *", scheduledTimeMs: 5 },
  { type: In.tail, event: 1, itemsJson: "[]" },
  { type: In.reply, event: 1, call: 3, ok: true, values: [1, "a", null, true, bytes] },
  { type: In.timer, event: 1, timer: 9 },
  { type: In.chunk, event: 1, stream: 2, bytes },
  { type: In.close, event: 1, stream: 2 },
  { type: In.fail, event: 1, stream: 2, message: "broke" },
  { type: In.credit, event: 1, stream: 1, bytes: 65_536 },
  { type: In.cancel, event: 1, stream: 1, reason: "gone" },
  { type: In.abort, event: 1, reason: "left" },
  { type: In.drop, event: 1 },
  { type: In.charge, event: 1, cpuUs: 12.5 },
  { type: In.rejection, event: 1, name: "Error", message: "lost", stack: "s" },
  { type: In.socketMessage, event: 1, socket: 1, data: "text" },
  { type: In.socketMessage, event: 1, socket: 1, data: bytes },
  { type: In.socketPart, event: 1, socket: 2, isText: true, isLast: false, bytes },
  { type: In.socketCredit, event: 1, socket: 2, credit: 9 },
  { type: In.socketClose, event: 1, socket: 1, code: 1006, reason: "", wasClean: false },
];
const OUTBOUND: readonly OutMessage[] = [
  {
    type: Out.head,
    event: 1,
    status: 204,
    statusText: "No Content",
    headers: "a\nb\nc\n",
    body: [BodyKind.none, null],
    isCoded: false,
  },
  {
    type: Out.head,
    event: 1,
    status: 200,
    statusText: "",
    headers: "",
    body: [BodyKind.text, "t"],
    isCoded: true,
  },
  { type: Out.chunk, event: 1, stream: 1, bytes },
  { type: Out.close, event: 1, stream: 1 },
  { type: Out.fail, event: 1, stream: 1, message: "broke" },
  { type: Out.credit, event: 1, stream: 2, bytes: 10 },
  { type: Out.cancel, event: 1, stream: 2, reason: "enough" },
  { type: Out.call, event: 1, call: 1, slot: 1, op: "get", args: ["key", null] },
  { type: Out.uncall, event: 1, call: 1 },
  { type: Out.timerSet, event: 1, timer: 1, delayMs: 5 },
  { type: Out.timerClear, event: 1, timer: 1 },
  { type: Out.log, event: 1, level: "info", text: "line" },
  { type: Out.exception, event: 1, name: "Error", message: "m", stack: "s" },
  { type: Out.passThrough, event: 1 },
  { type: Out.end, event: 1, ok: true },
  { type: Out.loaded, event: 0, handlersJson: "[]" },
  { type: Out.loadFailed, event: 0, name: "Error", message: "m", stack: "s" },
  { type: Out.slice, event: 1, wallUs: 12.5 },
  {
    type: Out.head,
    event: 1,
    status: 101,
    statusText: "",
    headers: "",
    body: [BodyKind.socket, 1],
    isCoded: true,
  },
  { type: Out.socketMessage, event: 1, socket: 1, data: "text" },
  { type: Out.socketMessage, event: 1, socket: 1, data: bytes },
  { type: Out.socketPart, event: 1, socket: 2, isText: true, isLast: true, bytes },
  { type: Out.socketCredit, event: 1, socket: 2, credit: 9 },
  { type: Out.socketClose, event: 1, socket: 1, code: 3000, reason: "done" },
];

test("encodeIn and decodeIn carry every record unchanged", () => {
  const flat: Flat[] = [];
  for (const message of INBOUND) encodeIn(flat, message);
  const reader = new FlatReader(flat);
  assert.equal(
    INBOUND.map(() => decodeIn(reader, 1)),
    INBOUND,
  );
  assert.ok(reader.done);
  assert.equal(new Set(INBOUND.map(({ type }) => type)), new Set(Object.values(In)));
});

test("encodeIn makes exact byte arrays of views and Node's buffers", () => {
  const flat: Flat[] = [];
  encodeIn(flat, { type: In.chunk, event: 1, stream: 2, bytes: Buffer.from("pooled") });
  encodeIn(flat, {
    type: In.reply,
    event: 1,
    call: 1,
    ok: true,
    values: [new Uint8Array(new ArrayBuffer(9), 1, 2)],
  });
  const found = flat.filter((value) => value instanceof Uint8Array);
  assert.is(found.length, 2);
  assert.ok(found.every(isExactBytes));
});

test("encodeOut and decodeOut carry every record unchanged", () => {
  const flat: Flat[] = [];
  for (const message of OUTBOUND) encodeOut(flat, message);
  assert.equal(decodeOut(flat), OUTBOUND);
  assert.equal(new Set(OUTBOUND.map(({ type }) => type)), new Set(Object.values(Out)));
});

test("decodeOut refuses every record that is cut short or has a field of another kind", () => {
  const wrong: unknown[] = [
    undefined,
    NaN,
    -1,
    0.5,
    {},
    [],
    1n,
    Symbol.iterator,
    new Date(0),
    Buffer.from("x"),
    "\ud800".repeat(40_000),
  ];
  for (const message of OUTBOUND) {
    const flat: Flat[] = [];
    encodeOut(flat, message);
    for (let size = 1; size < flat.length; size++)
      assert.throws(
        () => decodeOut(flat.slice(0, size)),
        (e: Error) => e instanceof Violation,
      );
    for (let at = 0; at < flat.length; at++) {
      for (const value of wrong) {
        // A delay or a duration may be any number from 0 on, and an argument any number.
        if (typeof flat[at] === "number" && value === 0.5) continue;
        if (message.type === Out.call && at > 5 && typeof value !== "object" && typeof value !== "undefined")
          continue;
        if (typeof flat[at] === "string" && typeof value === "string" && value.length < 65_536) continue;
        const broken: unknown[] = flat.with(at, value as Flat);
        if (
          typeof value === "bigint" ||
          typeof value === "symbol" ||
          value === undefined ||
          typeof value === "object"
        ) {
          assert.throws(
            () => decodeOut(broken),
            (e: Error) => e instanceof Violation,
            `type ${message.type} field ${at}`,
          );
        }
      }
    }
  }
});

test("decodeOut never fails but by a Violation", () => {
  const random = new Random(3);
  const soup: unknown[] = [
    ...OUTBOUND.flatMap((message) => {
      const flat: Flat[] = [];
      encodeOut(flat, message);
      return flat;
    }),
    undefined,
    {},
    NaN,
    -1,
    1e308,
    2 ** 53,
    [],
    "a\nb",
    new Uint16Array(2),
    new DataView(new ArrayBuffer(2)),
    () => {},
  ];
  for (let round = 0; round < 20_000; round++) {
    const values = Array.from({ length: random.int(14) }, () => random.pick(soup));
    try {
      decodeOut(values);
    } catch (error) {
      assert.instance(error, Violation);
    }
  }
});

test("exactBytes copies what is not its whole, fixed, unshared buffer", () => {
  const whole = new Uint8Array(4);
  assert.is(exactBytes(whole), whole);
  for (const other of [
    new Uint8Array(new ArrayBuffer(8), 4),
    Buffer.from("abc"),
    new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 })),
    new Uint8Array(new SharedArrayBuffer(4)),
  ]) {
    const exact = exactBytes(other);
    assert.is.not(exact, other);
    assert.ok(isExactBytes(exact));
    assert.equal([...exact], [...other]);
  }
});

test("decodeOut bounds what all events of a turn put out together, not each alone", () => {
  const logLine = (event: number, text: string): Flat[] => [Out.log, event, "log", text];
  const few = Array.from({ length: 3 }, (_, i) => logLine(i + 1, "x".repeat(200_000))).flat();
  assert.is(decodeOut(few).length, 3);
  const many = Array.from({ length: 400 }, (_, i) => logLine(i + 1, "x".repeat(200_000))).flat();
  assert.throws(
    () => decodeOut(many),
    (error: unknown) => error instanceof Violation && /too many bytes of all events/.test(error.message),
  );
});

// What could go wrong if: a chunk that the system still sends is handed over to another thread with a call's bytes.
test("decodeOut gives each record bytes of its own, though the isolate sent one array many times", () => {
  const shared = new Uint8Array([1, 2, 3]);
  const values: Flat[] = [
    ...[Out.head, 1, 200, "", "", BodyKind.bytes, shared, false],
    ...[Out.chunk, 1, 1, shared],
    ...[Out.chunk, 1, 1, new Uint8Array(shared.buffer)],
    ...[Out.call, 1, 1, 0, "crypto.hash", 2, shared, shared],
    ...[Out.socketMessage, 1, 1, shared],
  ];
  const found = decodeOut(values).flatMap((message) => {
    if (message.type === Out.head) return [message.body[1] as Uint8Array];
    if (message.type === Out.chunk) return [message.bytes];
    if (message.type === Out.call) return message.args as readonly Uint8Array[];
    return message.type === Out.socketMessage ? [message.data as Uint8Array] : [];
  });
  assert.is(found.length, 6);
  for (const bytes of found) assert.equal(bytes, new Uint8Array([1, 2, 3]));
  assert.is(new Set(found.map(({ buffer }) => buffer)).size, 6);
});

test.run();
