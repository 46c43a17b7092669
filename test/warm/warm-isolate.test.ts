import { setImmediate as nextTurn } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Out, type OutMessage } from "../../runtime-api/contract/out.ts";
import { systemClock } from "../../src/clock/clock.ts";
import type { Version } from "../../src/versions/version.ts";
import { NOBODY } from "../../src/warm/verdict.ts";
import { WarmIsolate } from "../../src/warm/warm-isolate.ts";
import { silentCell } from "./silent-cell.ts";
import { silentSink } from "./silent-sink.ts";

/** More records than are handled without a look at the clock. */
const MANY = 100;

/** Rejections that nobody waits for, while the test holds it. */
function rejections(): Disposable & { readonly messages: string[] } {
  const messages: string[] = [];
  const note = (reason: unknown): void => void messages.push((reason as Error).message);
  process.on("unhandledRejection", note);
  return { messages, [Symbol.dispose]: () => void process.off("unhandledRejection", note) };
}

/** An isolate with an event that notes what it is told, and breaks where a line says so. */
function rig(): { isolate: WarmIsolate; heard: string[]; event: number } {
  const isolate = new WarmIsolate(1, { id: "v" } as Version, silentCell(), 0, systemClock);
  isolate.begin();
  const heard: string[] = [];
  const hear = (what: string): void => {
    heard.push(what);
    if (what.startsWith("break")) throw new Error(what);
  };
  const sink = silentSink({
    message: (message) => hear(message.type === Out.log ? message.text : "other"),
    cost: () => hear("break cost"),
    lost: ({ message }) => hear(message),
  });
  return { isolate, heard, event: isolate.open(sink) };
}

const line = (event: number, text: string): OutMessage => ({ type: Out.log, event, level: "log", text });

test("WarmIsolate.receive() handles the rest where a record or a cost breaks, and tells of the fault", async () => {
  using told = rejections();
  const { isolate, heard, event } = rig();
  isolate.receive([line(event, "break"), line(event, "after")], [{ event, cpuUs: 1 }]);
  assert.equal(heard, ["break cost", "break", "after"]);
  await nextTurn();
  assert.equal(told.messages, ["break cost", "break"]);
});

test("WarmIsolate.catchUp() handles all that waits though some of it breaks", async () => {
  using told = rejections();
  const { isolate, heard, event } = rig();
  const all = Array.from({ length: MANY }, (_, i) => line(event, i % 2 === 0 ? `break ${i}` : `${i}`));
  isolate.receive(all, []);
  isolate.catchUp();
  assert.is(heard.length, MANY);
  await nextTurn();
  assert.is(told.messages.length, MANY / 2);
});

test("WarmIsolate.lose() tells every event though one of them breaks", async () => {
  using told = rejections();
  const { isolate, heard } = rig();
  isolate.open(silentSink({ lost: () => void heard.push("the other") }));
  isolate.lose({ cause: "cellLost", event: -1, started: [], message: "break" });
  assert.equal(heard, ["break", "the other"]);
  await nextTurn();
  assert.equal(told.messages, ["break"]);
});

test("WarmIsolate.fail() tells every event though one of them breaks", async () => {
  using told = rejections();
  for (const refusal of [null, new Error("none starts")]) {
    const isolate = new WarmIsolate(1, { id: "v" } as Version, silentCell(), 0, systemClock);
    const heard: string[] = [];
    for (const name of ["first", "second"]) {
      const hear = (): void => {
        heard.push(name);
        if (name === "first") throw new Error("break");
      };
      isolate.open(silentSink({ lost: hear, refused: hear }));
    }
    isolate.fail(refusal, NOBODY);
    assert.equal(heard, ["first", "second"]);
  }
  await nextTurn();
  assert.equal(told.messages, ["break", "break"]);
});

test.run();
