import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat } from "../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../runtime-api/contract/in.ts";
import { Out } from "../../runtime-api/contract/out.ts";
import type { CellDeath, CellListener, LoadRequest } from "../../src/cell/cell.ts";
import { CellNursery } from "../../src/cell/cell-nursery.ts";
import { ProcessCell } from "../../src/cell/process-cell.ts";
import { Frame } from "../../src/cell/protocol/frame.ts";
import { FROM_CHILD } from "../../src/cell/protocol/frame-bounds.ts";
import { FrameRate } from "../../src/cell/protocol/frame-rate.ts";
import { FrameReader } from "../../src/cell/protocol/frame-reader.ts";
import { FrameWriter } from "../../src/cell/protocol/frame-writer.ts";
import { Violation } from "../../src/cell/protocol/violation.ts";
import { RemoteIsolates } from "../../src/cell/remote-isolates.ts";
import { plainLaunch } from "../../src/cell/sandbox/launch.ts";
import { within } from "./harness.ts";

const WAIT_MS = 150_000;
const ISOLATE = 7;
const LOAD: LoadRequest = {
  isolate: ISOLATE,
  versionKey: "v",
  limits: { memoryMb: 1, cpuMs: 1, startupCpuMs: 1 },
  account: 1,
  weight: 1,
  configJson: "{}",
};
const LOADED: readonly Flat[] = [ISOLATE, false, 0, 0, 0, 0, "none", "fetch"];
const HEAD: readonly Flat[] = [Out.head, 1, 200, "", "", BodyKind.none, null, false];
const STREAMED: readonly Flat[] = [Out.head, 1, 200, "", "", BodyKind.stream, 1, false];
const FETCH: InMessage = {
  type: In.fetch,
  event: 1,
  method: "GET",
  url: "http://a.test/",
  headers: "",
  body: [BodyKind.none, null],
  cfJson: "{}",
};

interface Host {
  readonly isolates: RemoteIsolates;
  /** Records that got through to what is behind the pipe. */
  readonly records: number[];
  readonly reports: string[];
  frame(type: number, ...values: Flat[]): void;
  /** A turn that puts out `records`. */
  turn(...records: Flat[]): void;
}

/** What the host knows of a child in which one isolate is loaded and has a request. */
function host(): Host {
  const records: number[] = [];
  const reports: string[] = [];
  const listener: CellListener = {
    messages: (_, messages) => void records.push(...messages.map(({ type }) => type)),
    lost: (_, { message }) => reports.push(message),
    catastrophic: ({ versionKey, message }) => reports.push(`${versionKey}: ${message}`),
    died: () => {},
  };
  const nothing = (): void => {};
  const isolates = new RemoteIsolates({
    listener,
    send: nothing,
    kill: nothing,
    ready: nothing,
    stats: nothing,
    codeCache: nothing,
  });
  const frame = (type: number, ...values: Flat[]): void => isolates.frame(type, values);
  frame(Frame.ready);
  void isolates.load(LOAD);
  frame(Frame.loaded, ...LOADED);
  isolates.delivers(ISOLATE, [FETCH]);
  const turn = (...out: Flat[]): void => frame(Frame.leave, ISOLATE, 0, ...out);
  return { isolates, records, reports, frame, turn };
}

/** Begins the load of isolate 8, with a request. */
function begin(isolates: RemoteIsolates): void {
  void isolates.load({ ...LOAD, isolate: 8 });
  isolates.delivers(8, [FETCH]);
}

/** What a child in the hands of a tenant may send. Each ends it. */
const LIES: Readonly<Record<string, (host: Host) => void>> = {
  "a second ready": ({ frame }) => frame(Frame.ready),
  "a load that ends twice": ({ frame }) => frame(Frame.loaded, ...LOADED),
  "an event that runs before its isolate is loaded": ({ isolates, frame }) => {
    begin(isolates);
    frame(Frame.leave, 8, 0, ...HEAD);
  },
  "the cost of one": ({ isolates, frame }) => {
    begin(isolates);
    frame(Frame.charged, 8, 1, 100);
  },
  "a loss instead of the end of a load": ({ isolates, frame }) => {
    begin(isolates);
    frame(Frame.lost, 8, "exceededCpu", 1, "", 1);
  },
  "more handlers than a worker may have": ({ isolates, frame }) => {
    begin(isolates);
    const handlers = Array.from({ length: 101 }, (_, index) => `handler${index}`);
    frame(Frame.loaded, 8, ...LOADED.slice(1), ...handlers);
  },
  "a turn of an isolate that there is not": ({ frame }) => frame(Frame.leave, 99, 0),
  "an event that never began": ({ turn }) => turn(Out.end, 2, true),
  "a second head": ({ turn }) => turn(...HEAD, ...HEAD),
  "a second head in another turn": ({ turn }) => {
    turn(...HEAD);
    turn(...HEAD);
  },
  "a chunk of no stream": ({ turn }) => turn(Out.chunk, 1, 1, new Uint8Array(1)),
  "chunks beyond the credit": ({ turn }) => {
    turn(...STREAMED);
    for (let i = 0; i < 6; i++) turn(Out.chunk, 1, 1, new Uint8Array(65_536));
  },
  "more calls at once than any event may have": ({ turn }) => {
    for (let call = 1; call <= 3_000; call++) turn(Out.call, 1, call, 1, "get", 0);
  },
  "log lines without end": ({ turn }) => {
    for (let i = 0; i < 5_000; i++) turn(Out.log, 1, "log", "x");
  },
  "parts of a turn that never ends": ({ frame }) => {
    const text = "x".repeat(200_000);
    for (let i = 0; i < 2_000; i++) frame(Frame.output, ISOLATE, Out.log, 1, "log", text);
  },
  "another frame between the parts of a turn": ({ frame }) => {
    frame(Frame.output, ISOLATE, ...HEAD);
    frame(Frame.enter, ISOLATE, 1);
  },
  "a cost that decreases": ({ frame }) => {
    frame(Frame.charged, ISOLATE, 1, 100);
    frame(Frame.leave, ISOLATE, 1, 1, 99);
  },
  "a report on an isolate that was never here": ({ frame }) =>
    frame(Frame.catastrophic, "unstoppable", 99, "v2", "it did it"),
  "records that stay inside a cell": ({ turn }) => turn(Out.timerSet, 1, 1, 10),
};

for (const [name, lie] of Object.entries(LIES)) {
  test(`the host takes from no child ${name}`, () => {
    const told = host();
    assert.throws(
      () => lie(told),
      (error: unknown) => error instanceof Violation,
    );
  });
}

test("the host takes of an event that is over nothing more, and of its drop what may cross it", () => {
  const { isolates, records, turn } = host();
  turn(...STREAMED);
  isolates.delivers(ISOLATE, [{ type: In.drop, event: 1 }]);
  turn(Out.chunk, 1, 1, new Uint8Array(1), Out.log, 1, "log", "late", Out.uncall, 1, 5);
  assert.equal(records, [Out.head]);
});

test("a child that reports without end is heard once, in a text of some length, and blames none but its own", () => {
  const { frame, reports } = host();
  for (let i = 0; i < 3; i++)
    frame(Frame.catastrophic, "memory", ISOLATE, "of another", "x".repeat(10_000_000));
  assert.is(reports.length, 1);
  assert.ok(reports[0]!.startsWith("v: xxx"));
  assert.ok(reports[0]!.length < 100_000);
});

test("FrameRate takes what comes in time, and no more frames than that", () => {
  let nowMs = 0;
  const rate = new FrameRate({ frames: 100, values: 1e9, bytes: 1e9 }, () => nowMs);
  for (let i = 0; i < 1_000; i++) {
    nowMs += 11;
    assert.is(rate.count(2, 30), 0);
  }
  let taken = 0;
  assert.throws(() => {
    for (; taken < 1_000; taken++) rate.count(2, 30);
  }, /too many frames at once/);
  assert.ok(taken < 200);
});

test("FrameRate lets who sends many values or bytes wait for the next second", () => {
  for (const most of [
    { frames: 1e9, values: 200, bytes: 1e9 },
    { frames: 1e9, values: 1e9, bytes: 3_000 },
  ]) {
    let nowMs = 0;
    const rate = new FrameRate(most, () => nowMs);
    for (const second of [0, 1]) {
      nowMs = second * 1_000;
      // The one that opens a window may be the last of the one before.
      for (let i = 0; i < 99; i++) assert.is(rate.count(2, 30), 0, `${second} ${i}`);
      nowMs += 600;
      assert.is(rate.count(2, 30), 400);
      assert.is(rate.count(2, 30), 400);
    }
  }
});

/** What a child writes to its pipe with, whole. */
const WRITE = `const fs = require("node:fs");
  const write = (all) => { while (all.length > 0) { try { all = all.subarray(fs.writeSync(3, all)); } catch (error) { if (error.code !== "EAGAIN") process.exit(0); } } };`;

/** A cell whose child runs the test's script in the place of ours. */
function cellOf(
  script: string,
): AsyncDisposable & { cell: ProcessCell; death: Promise<CellDeath>; blamed: unknown[] } {
  const { promise: death, resolve: died } = Promise.withResolvers<CellDeath>();
  const blamed: unknown[] = [];
  const listener: CellListener = {
    messages() {},
    lost() {},
    catastrophic: (report) => blamed.push(report),
    died,
  };
  const nursery = new CellNursery({ spares: 0, sandbox: () => plainLaunch(["-e", script]) });
  const cell = new ProcessCell(nursery, listener);
  const close = async (): Promise<void> => {
    await cell.close();
    await nursery.close();
  };
  return { cell, death, blamed, [Symbol.asyncDispose]: close };
}

test("a child that sends more values than are read in a second is read on in the next, to the last frame", async () => {
  // Its last frame is one that ends it: all before that were read.
  await using at = cellOf(`${WRITE}
    const frame = (type, body) => { const head = Buffer.alloc(6); head.writeUInt32LE(body.length + 2); head[4] = 1; head[5] = type; write(Buffer.concat([head, body])); };
    frame(${Frame.ready}, Buffer.alloc(0));
    for (let i = 0; i < 40; i++) frame(${Frame.pong}, Buffer.alloc(100_000));
    frame(255, Buffer.alloc(0)); setInterval(() => {}, 1000);`);
  const { reason, message } = await within(WAIT_MS, at.death, "its end");
  assert.is(reason, "protocol", message);
  assert.match(message, "unknown frame type 255");
});

test("a frame of a child has some hundred thousand values at most", () => {
  const writer = new FrameWriter();
  writer.frame(Frame.charged, [1, ...Array<number>(999_998).fill(1)]);
  const bytes = Buffer.concat(writer.take());
  const reader = new FrameReader(FROM_CHILD, () => {});
  assert.throws(() => reader.push(bytes), /a frame with too many values/);
});

/** Values of which some may be read: how many were. */
function watched(count: number, ...first: Flat[]): { readonly values: Flat[]; reads: () => number } {
  let reads = 0;
  const all = [...first, ...Array<number>(count).fill(1)];
  const values = new Proxy(all, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) reads++;
      return Reflect.get(target, key) as unknown;
    },
  });
  return { values, reads: () => reads };
}

test("the host reads nothing of frames for an isolate that is gone", () => {
  for (const type of [Frame.charged, Frame.leave, Frame.enter, Frame.output, Frame.lost]) {
    const { isolates, records } = host();
    isolates.dispose(ISOLATE);
    const { values, reads } = watched(100_000, ISOLATE);
    isolates.frame(type, values);
    assert.ok(reads() < 10, `${reads()} values of a frame of type ${type}`);
    assert.equal(records, []);
  }
});

test("the host reads of no more events than its isolate can have", () => {
  const frames: [type: number, ...first: Flat[]][] = [
    [Frame.charged, ISOLATE],
    [Frame.leave, ISOLATE, 100_000],
    [Frame.enter, ISOLATE],
    [Frame.lost, ISOLATE, "exceededCpu", 1, ""],
  ];
  for (const [type, ...first] of frames) {
    const { isolates } = host();
    const { values, reads } = watched(200_000, ...first);
    assert.throws(
      () => isolates.frame(type, values),
      (error: unknown) => error instanceof Violation,
    );
    assert.ok(reads() < 50_000, `${reads()} values of a frame of type ${type}`);
  }
});

test("FrameReader keeps a frame that comes byte by byte in little more than its bytes", () => {
  const writer = new FrameWriter();
  writer.frame(Frame.pong, ["x".repeat(60_000)]);
  const bytes = Buffer.concat(writer.take());
  const frames: Flat[][] = [];
  const reader = new FrameReader({ frameBytes: 1_000_000, values: 10 }, (_, values) => frames.push(values));
  let most = 0;
  for (const byte of bytes) {
    // As a socket gives them: each piece holds on to memory of its own.
    reader.push(Buffer.from([byte]));
    most = Math.max(most, reader.pieces);
  }
  assert.equal(frames, [["x".repeat(60_000)]]);
  assert.ok(most < 1_200, `${most} pieces`);
});

/** Writes frames to the pipe as a process does that was taken over. */
const FLOODS: Readonly<Record<string, string>> = {
  "answers to no question": `frame(${Frame.ready}); for (;;) frame(${Frame.statsAnswer}, 3, 9)`,
  "millions of tiny frames": `frame(${Frame.ready}); for (;;) flush(Array(4096).fill(one(${Frame.pong}, 3, 1)))`,
  "a frame longer than any": `const b = Buffer.alloc(6); b.writeUInt32LE(0xfffffff0); flush([b])`,
  "no frames at all": `flush([require("node:crypto").randomBytes(1e6)])`,
};

for (const [name, code] of Object.entries(FLOODS)) {
  test(`a child that sends ${name} is ended for it`, async () => {
    await using at = cellOf(`${WRITE}
      const uint = (n) => { const b = Buffer.alloc(5); b[0] = 3; b.writeUInt32LE(n, 1); return b; };
      const one = (type, ...values) => { const body = Buffer.concat([Buffer.from([1, type]), ...values.map(uint)]); const head = Buffer.alloc(4); head.writeUInt32LE(body.length); return Buffer.concat([head, body]); };
      const flush = (frames) => write(Buffer.concat(frames));
      const frame = (...values) => flush([one(...values)]);
      ${code}; setInterval(() => {}, 1000);`);
    const { reason, message } = await within(WAIT_MS, at.death, "its end");
    assert.is(reason, "protocol", message);
  });
}

test("a child that does not read what it is sent is ended, and nobody in it is blamed", async () => {
  await using at = cellOf(`const fs = require("node:fs");
    const ready = Buffer.from([2, 0, 0, 0, 1, ${Frame.ready}]);
    fs.writeSync(3, ready);
    setInterval(() => {}, 1000);`);
  const { cell, blamed } = at;
  await within(WAIT_MS, cell.ready(), "its start");
  void cell.load({ ...LOAD, isolate: 1 });
  // Not copied: the same memory waits many times.
  const bytes = new Uint8Array(4 * 1024 * 1024);
  cell.deliver(1, [FETCH]);
  for (let i = 0; i < 140; i++) cell.deliver(1, [{ type: In.chunk, event: 1, stream: 1, bytes }]);
  const { reason, culprit, message } = await within(WAIT_MS, at.death, "its end");
  assert.is(reason, "backlog", message);
  assert.is(culprit, null);
  assert.equal(blamed, []);
});

test.run();
