import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { In, type InMessage } from "../../../runtime-api/contract/in.ts";
import { Out } from "../../../runtime-api/contract/out.ts";
import { IsolateTurns } from "../../../src/cell/core/isolate-turns.ts";

function turn(turns: IsolateTurns, output: Flat[]): ReturnType<IsolateTurns["turned"]> {
  return turns.turned({ output, floating: [], cpuUs: 100 }, 0);
}

function fetchOf(event: number): InMessage {
  const body = [BodyKind.none, null] as const;
  return { type: In.fetch, event, method: "GET", url: "http://a/", headers: "", body, cfJson: "{}" };
}

function creditOf(credit: number): InMessage {
  return { type: In.socketCredit, event: 1, socket: 1, credit };
}

const HEAD = [Out.head, 1, 200, "", ""] as const;
const ANSWERED = {
  output: [...HEAD, BodyKind.text, "hello", false, Out.end, 1, true],
  floating: [],
  isOpen: true,
};

test("IsolateTurns counts what the host charges, and keeps the charge from the isolate", () => {
  const turns = new IsolateTurns(1);
  turns.deliver([{ type: In.scheduled, event: 1, cron: "", scheduledTimeMs: 0 }]);
  turns.take(0, 0);
  const first = turn(turns, [Out.call, 1, 1, 0, "fetch", 0, Out.slice, 1, 50]);
  assert.is(first.overCpu, -1);
  turns.deliver([
    { type: In.charge, event: 1, cpuUs: 2_000 },
    { type: In.reply, event: 1, call: 1, ok: true, values: [] },
  ]);
  const slices = turns.take(0, 0);
  assert.equal(slices[0]?.flat.slice(2), [In.reply, 1, true, 0]);
  assert.ok((slices[0]?.usedUs ?? 0) >= 2_000);
  assert.is(turn(turns, [Out.slice, 1, 50]).overCpu, 1);
});

test("IsolateTurns keeps nothing of an event that was charged and dropped, whether it ran or not", () => {
  const turns = new IsolateTurns(1);
  turns.deliver([fetchOf(1), { type: In.charge, event: 1, cpuUs: 2_000 }]);
  assert.equal(turns.charged, [1]);
  turns.deliver([{ type: In.drop, event: 1 }]);
  assert.equal(turns.charged, []);
  assert.equal(turns.take(0, 0), []);
  turns.deliver([fetchOf(2)]);
  turns.take(0, 0);
  turn(turns, [Out.slice, 2, 50]);
  turns.deliver([
    { type: In.charge, event: 2, cpuUs: 2_000 },
    { type: In.drop, event: 2 },
  ]);
  assert.equal(turns.charged, [2]);
  assert.is(turns.take(0, 0).length, 1);
  turn(turns, [Out.slice, 2, 50]);
  assert.equal(turns.charged, []);
});

test("IsolateTurns drops a charge for an event that is over", () => {
  const turns = new IsolateTurns(1);
  turns.deliver([{ type: In.charge, event: 1, cpuUs: 2_000 }]);
  assert.is(turns.late, 1);
  assert.equal(turns.take(0, 0), []);
});

test("IsolateTurns charges a turn that is one open slice whole to its event", () => {
  const turns = new IsolateTurns(50);
  turns.deliver([fetchOf(1)]);
  turns.take(0, 0);
  const { costs, mayHang } = turns.turned({ ...ANSWERED, cpuUs: 100 }, 0);
  assert.equal(costs, [{ event: 1, cpuUs: 100 }]);
  assert.not(mayHang);
});

test("IsolateTurns has an open slice closed where its event waits for nothing that it knows of", () => {
  const records: Record<string, [records: Flat[], mayHang: boolean]> = {
    nothing: [[], true],
    "a log line": [[Out.log, 1, "log", "text"], true],
    "a call": [[Out.call, 1, 1, 0, "fetch", 0], false],
    "a call that it took back": [[Out.call, 1, 1, 0, "fetch", 0, Out.uncall, 1, 1], true],
    "a timer": [[Out.timerSet, 1, 1, 5], false],
    "an answer that goes on": [[...HEAD, BodyKind.stream, 1, false], true],
    "bytes that it asked for": [[Out.credit, 1, 2, 100], false],
    "a body that it read to its end": [[Out.credit, 1, 2, 100, Out.cancel, 1, 2, ""], true],
    "a WebSocket": [[Out.head, 1, 101, "", "", BodyKind.socket, 1, false], false],
    "its end": [[...HEAD, BodyKind.none, null, false, Out.end, 1, true], false],
  };
  for (const [what, [output, mayHang]] of Object.entries(records)) {
    const turns = new IsolateTurns(50);
    turns.deliver([{ ...fetchOf(1), body: [BodyKind.stream, 2] } as InMessage]);
    turns.take(0, 0);
    assert.is(turns.turned({ output, floating: [], cpuUs: 10, isOpen: true }, 0).mayHang, mayHang, what);
  }
});

test("IsolateTurns takes what closing an open slice brings as part of the same turn", () => {
  const turns = new IsolateTurns(50);
  turns.deliver([fetchOf(1)]);
  turns.take(0, 0);
  assert.ok(
    turns.turned({ output: [Out.log, 1, "log", "a"], floating: [], cpuUs: 70, isOpen: true }, 0).mayHang,
  );
  const output = [Out.exception, 1, "Error", "hung", "", Out.end, 1, false, Out.slice, 1, 90];
  const { costs, messages, mayHang } = turns.turned({ output, floating: [], cpuUs: 10 }, 0);
  assert.equal(costs, [{ event: 1, cpuUs: 80 }]);
  assert.equal(
    messages.map(({ type }) => type),
    [Out.exception, Out.end],
  );
  assert.not(mayHang);
  assert.not(turns.isLive(1));
});

test("IsolateTurns gives each due timer a slice of its own, behind what came from outside", () => {
  const turns = new IsolateTurns(1);
  turns.deliver([{ type: In.scheduled, event: 1, cron: "", scheduledTimeMs: 0 }]);
  turns.take(0, 0);
  turn(turns, [
    Out.call,
    1,
    1,
    0,
    "fetch",
    0,
    Out.timerSet,
    1,
    1,
    5,
    Out.timerSet,
    1,
    2,
    0,
    Out.slice,
    1,
    50,
  ]);
  assert.is(turns.nextTimerMs, 0);
  turns.deliver([{ type: In.reply, event: 1, call: 1, ok: true, values: [] }]);
  const slices = turns.take(5, 7);
  assert.equal(
    slices.map(({ flat }) => flat),
    [
      [1, 7, In.reply, 1, true, 0],
      [1, 7, In.timer, 2],
      [1, 7, In.timer, 1],
    ],
  );
  const { costs } = turn(turns, [Out.slice, 1, 50, Out.slice, 1, 20, Out.slice, 1, 30]);
  assert.equal(costs, [{ event: 1, cpuUs: 150 }]);
});

test("IsolateTurns fires a bounded number of timers in one turn, and the rest in the next", () => {
  const turns = new IsolateTurns(1);
  turns.deliver([{ type: In.scheduled, event: 1, cron: "", scheduledTimeMs: 0 }]);
  turns.take(0, 0);
  turn(turns, Array.from({ length: 100 }, (_, i) => [Out.timerSet, 1, i + 1, 1]).flat());
  const fired: number[] = [];
  for (let slices = turns.take(1, 1); slices.length > 0; slices = turns.take(1, 1)) {
    fired.push(slices.length);
    turn(turns, []);
  }
  assert.equal(fired, [40, 40, 20]);
});

const CONNECTED: Flat[] = [Out.head, 1, 101, "", "", BodyKind.socket, 1, true, Out.slice, 1, 50];
const text = (data: string): InMessage => ({ type: In.socketMessage, event: 1, socket: 1, data });

test("IsolateTurns gives each message of a WebSocket a turn and a new budget of CPU", () => {
  const turns = new IsolateTurns(1);
  turns.deliver([fetchOf(1)]);
  turns.take(0, 0);
  turn(turns, CONNECTED);
  turns.deliver([{ type: In.charge, event: 1, cpuUs: 900 }, text("a"), text("b"), creditOf(5), text("c")]);
  const seen: Flat[][] = [];
  while (turns.hasWork) {
    const [slice] = turns.take(0, 0);
    assert.is(slice?.usedUs, 0);
    seen.push(slice!.flat.slice(2));
    assert.is(turns.turned({ output: [Out.slice, 1, 800], floating: [], cpuUs: 900 }, 0).overCpu, -1);
  }
  assert.equal(seen, [
    [In.socketMessage, 1, "a"],
    [In.socketMessage, 1, "b", In.socketCredit, 1, 5],
    [In.socketMessage, 1, "c"],
  ]);
  turns.deliver([text("d")]);
  turns.take(0, 0);
  assert.is(turns.turned({ output: [Out.slice, 1, 1_800], floating: [], cpuUs: 1_800 }, 0).overCpu, 1);
});

test("IsolateTurns gives an event that a WebSocket keeps alive a new budget after a while without messages", () => {
  const turns = new IsolateTurns(1);
  turns.deliver([fetchOf(1)]);
  turns.take(0, 0);
  turn(turns, [...CONNECTED, Out.timerSet, 1, 1, 20_000, Out.timerSet, 1, 2, 30_000]);
  turns.deliver([{ type: In.charge, event: 1, cpuUs: 500 }]);
  assert.ok(turns.take(20_000, 0)[0]!.usedUs > 500);
  turn(turns, [Out.slice, 1, 50]);
  assert.is(turns.take(30_000, 0)[0]!.usedUs, 0);
});

test("IsolateTurns counts the parts of a long message as one, and forgets what waits for a dropped event", () => {
  const turns = new IsolateTurns(1);
  turns.deliver([fetchOf(1)]);
  turns.take(0, 0);
  turn(turns, CONNECTED);
  const part = (isLast: boolean): InMessage => ({
    type: In.socketPart,
    event: 1,
    socket: 1,
    isText: false,
    isLast,
    bytes: new Uint8Array(1),
  });
  turns.deliver([part(false), part(true), part(false), part(true), text("never")]);
  assert.is(turns.take(0, 0)[0]?.flat.length, 2 + 5 * 3);
  turn(turns, [Out.slice, 1, 50]);
  turns.deliver([{ type: In.drop, event: 1 }]);
  turns.take(0, 0);
  turn(turns, []);
  assert.not.ok(turns.hasWork);
});

test("IsolateTurns gives an event a bounded number of tasks at once", () => {
  const turns = new IsolateTurns(1);
  turns.deliver([{ type: In.scheduled, event: 1, cron: "", scheduledTimeMs: 0 }]);
  turns.take(0, 0);
  turn(turns, Array.from({ length: 1_001 }, (_, i) => [Out.timerSet, 1, i + 1, 0]).flat());
  let tasks = 0;
  while (turns.nextTimerMs === 0) {
    tasks += turns.take(0, 0).length;
    turn(turns, []);
  }
  assert.is(tasks, 1_000);
  assert.is(turns.nextTimerMs, 1);
});

test("IsolateTurns tells an event that goes on of its floating rejections, and logs them all", () => {
  const turns = new IsolateTurns(1);
  for (const event of [1, 2]) turns.deliver([{ type: In.scheduled, event, cron: "", scheduledTimeMs: 0 }]);
  turns.take(0, 0);
  const floating = [1, 2].map((event) => ({ event, error: { name: "Error", message: "lost", stack: "" } }));
  const { messages } = turns.turned({ output: [Out.end, 2, true], floating, cpuUs: 0 }, 0);
  assert.equal(
    messages.map(({ type, event }) => [type, event]),
    [
      [Out.log, 1],
      [Out.log, 2],
      [Out.end, 2],
    ],
  );
  assert.ok(turns.hasWork);
  assert.equal(
    turns.take(0, 0).map(({ flat }) => flat),
    [[1, 0, In.rejection, "Error", "lost", ""]],
  );
});

test("IsolateTurns says that an event is over, whoever ends it, and hands out calls for the cell", () => {
  const ended: number[] = [];
  const turns = new IsolateTurns(1, (event) => ended.push(event));
  for (const event of [1, 2]) turns.deliver([{ type: In.scheduled, event, cron: "", scheduledTimeMs: 0 }]);
  turns.take(0, 0);
  const { cellCalls, messages } = turn(turns, [
    ...[Out.call, 1, 1, 0, "codecClose", 1, 7],
    ...[Out.call, 1, 2, 1, "codecClose", 1, 7],
    ...[Out.end, 1, true],
    ...[Out.slice, 1, 50],
    ...[Out.slice, 2, 50],
  ]);
  assert.equal(cellCalls, [{ event: 1, call: 1, op: "codecClose", args: [7] }]);
  // Slot 1 is a binding's, whatever it calls its operations.
  assert.ok(messages.some((message) => message.type === Out.call && message.call === 2));
  assert.ok(ended.includes(1));
  assert.not(ended.includes(2));
  assert.is(turns.isLive(1), false);
  turns.deliver([{ type: In.drop, event: 2 }]);
  assert.ok(ended.includes(2));
});

test("IsolateTurns takes ten slices into a first turn, of which nothing is known", () => {
  const turns = new IsolateTurns(1_000);
  const events = Array.from({ length: 25 }, (_, i) => i + 1);
  turns.deliver(events.map(fetchOf));
  const eventsOf = (): number[] => turns.take(0, 0).map(({ event }) => event);
  assert.equal(eventsOf(), events.slice(0, 10));
  turn(turns, [Out.slice, 1, 50]);
  assert.equal(eventsOf(), events.slice(10));
});

test("IsolateTurns takes only as many slices as fit in 10 ms where slices took long", () => {
  const turns = new IsolateTurns(1_000);
  turns.deliver([fetchOf(1)]);
  turns.take(0, 0);
  turns.turned({ output: [Out.slice, 1, 16_000], floating: [], cpuUs: 16_000 }, 0);
  turns.deliver([2, 3, 4, 5].map(fetchOf));
  const eventsOf = (): number[] => turns.take(0, 0).map(({ event }) => event);
  assert.equal(eventsOf(), [2, 3]);
  assert.ok(turns.hasWork);
  turn(turns, [Out.slice, 2, 50, Out.slice, 3, 50]);
  assert.equal(eventsOf(), [4, 5]);
  assert.not.ok(turns.hasWork);
});

test.run();
