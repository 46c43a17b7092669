import { test } from "uvu";
import * as assert from "uvu/assert";
import { AbortController as OwnController } from "../../../runtime-api/abort/abort-controller.ts";
import { CustomEvent as OwnCustomEvent } from "../../../runtime-api/events/custom-event.ts";
import { ErrorEvent as OwnErrorEvent } from "../../../runtime-api/events/error-event.ts";
import { Event as OwnEvent } from "../../../runtime-api/events/event.ts";
import {
  dispatch,
  EventTarget as OwnTarget,
  getHandler,
  setHandler,
} from "../../../runtime-api/events/event-target.ts";
import { MessageEvent as OwnMessageEvent } from "../../../runtime-api/events/message-event.ts";
import { PromiseRejectionEvent as OwnRejectionEvent } from "../../../runtime-api/events/promise-rejection-event.ts";
import { standInIo } from "../stand-in-io.ts";
import { ofKind } from "../../of-kind.ts";

test("EventTarget calls capturing listeners first, each once per callback and phase", () => {
  standInIo();
  const target = new OwnTarget();
  const calls: string[] = [];
  const bubble = (): void => void calls.push("bubble");
  target.addEventListener("x", bubble);
  target.addEventListener("x", bubble);
  target.addEventListener("x", () => calls.push("capture"), true);
  target.addEventListener("x", { handleEvent: () => calls.push("object") });
  target.addEventListener("x", () => calls.push("once"), { once: true });
  target.dispatchEvent(new OwnEvent("x"));
  target.removeEventListener("x", bubble);
  target.dispatchEvent(new OwnEvent("x"));
  assert.equal(calls, ["capture", "bubble", "object", "once", "capture", "object"]);
});

test("EventTarget reports what a listener throws and goes on", () => {
  const seen = standInIo();
  const target = new OwnTarget();
  let after = false;
  target.addEventListener("x", () => {
    throw new Error("boom");
  });
  target.addEventListener("x", {} as never);
  target.addEventListener("x", () => (after = true));
  assert.is(target.dispatchEvent(new OwnEvent("x")), true);
  assert.ok(after);
  assert.is((seen.exceptions[0] as Error).message, "boom");
  assert.ok(seen.exceptions[1] instanceof TypeError);
});

test("Event can be cancelled, unless it cannot or the listener is passive", () => {
  standInIo();
  const target = new OwnTarget();
  target.addEventListener("passive", (event) => event.preventDefault(), { passive: true });
  target.addEventListener("active", (event) => event.preventDefault());
  assert.is(target.dispatchEvent(new OwnEvent("passive", { cancelable: true })), true);
  assert.is(target.dispatchEvent(new OwnEvent("active", { cancelable: true })), false);
  assert.is(target.dispatchEvent(new OwnEvent("active")), true);
});

test("Event.stopImmediatePropagation() keeps later listeners from running", () => {
  standInIo();
  const target = new OwnTarget();
  const calls: number[] = [];
  target.addEventListener("x", (event) => (calls.push(1), event.stopImmediatePropagation()));
  target.addEventListener("x", () => calls.push(2));
  const event = new OwnEvent("x");
  target.dispatchEvent(event);
  assert.equal(calls, [1]);
  assert.is(event.eventPhase, 0);
  assert.is(event.currentTarget, null);
  assert.is(event.target, target);
});

test("EventTarget.dispatchEvent() refuses an event that is under way, and what is no event", () => {
  const seen = standInIo();
  const target = new OwnTarget();
  target.addEventListener("x", (event) => target.dispatchEvent(event));
  target.dispatchEvent(new OwnEvent("x"));
  assert.is((seen.exceptions[0] as Error).name, "InvalidStateError");
  assert.throws(() => target.dispatchEvent({ type: "x" } as never), /not of type 'Event'/);
});

test("EventTarget forgets a listener when its signal aborts", () => {
  standInIo();
  const target = new OwnTarget();
  const controller = new OwnController();
  let calls = 0;
  target.addEventListener("x", () => calls++, { signal: controller.signal });
  target.dispatchEvent(new OwnEvent("x"));
  controller.abort();
  target.dispatchEvent(new OwnEvent("x"));
  target.addEventListener("x", () => calls++, { signal: controller.signal });
  target.dispatchEvent(new OwnEvent("x"));
  assert.is(calls, 1);
  assert.throws(() => target.addEventListener("x", () => {}, { signal: {} }), /not an AbortSignal/);
});

test("Event.isTrusted tells the runtime's events from a tenant's", () => {
  standInIo();
  const target = new OwnTarget();
  const trusted: boolean[] = [];
  target.addEventListener("x", (event) => trusted.push(event.isTrusted));
  target.dispatchEvent(new OwnEvent("x"));
  dispatch(target, new OwnEvent("x"));
  assert.equal(trusted, [false, true]);
});

test("setHandler() keeps the handler's place among the listeners", () => {
  standInIo();
  const target = new OwnTarget();
  const calls: string[] = [];
  setHandler(target, "x", () => calls.push("first"));
  target.addEventListener("x", () => calls.push("second"));
  setHandler(target, "x", () => (calls.push("replaced"), false));
  assert.is(target.dispatchEvent(new OwnEvent("x", { cancelable: true })), false);
  assert.equal(calls, ["replaced", "second"]);
  setHandler(target, "x", null);
  assert.is(getHandler(target, "x"), null);
});

test("events carry what they were made with", () => {
  standInIo();
  assert.is(new OwnCustomEvent("x", { detail: 5 }).detail, 5);
  assert.is(new OwnCustomEvent("x").detail, null);
  const error = new OwnErrorEvent("error", { message: "m", lineno: 3, error: 7 });
  assert.equal([error.message, error.lineno, error.error, error.filename], ["m", 3, 7, ""]);
  assert.is(new OwnMessageEvent("message", { data: "d" }).data, "d");
  assert.is(new OwnRejectionEvent("x", { promise: Promise.resolve(), reason: 2 }).reason, 2);
  assert.throws(() => new (OwnEvent as unknown as new () => unknown)(), /1 argument required/);
});

test("Event has isTrusted as its own, with one getter that nobody can replace", () => {
  standInIo();
  const describe = (event: object): PropertyDescriptor =>
    Object.getOwnPropertyDescriptor(event, "isTrusted")!;
  const first = describe(new OwnEvent("x"));
  assert.is(first.get, describe(new OwnCustomEvent("x")).get);
  assert.equal([first.set, first.enumerable, first.configurable], [undefined, true, false]);
  assert.throws(() => first.get!.call({}), ofKind(TypeError));
});

test("events and targets convert their arguments as Web IDL does", () => {
  standInIo();
  const target = new OwnTarget();
  const options = (...args: unknown[]): unknown => Reflect.apply(target.addEventListener, target, args);
  assert.throws(() => options("x"), /2 arguments required/);
  assert.throws(() => options("x", 5), /not an object/);
  assert.throws(() => Reflect.construct(OwnEvent, ["x", 5]), /not an object/);
  assert.throws(() => Reflect.construct(OwnMessageEvent, ["x", { ports: [{}] }]), /not a MessagePort/);
  assert.throws(() => Reflect.construct(OwnMessageEvent, ["x", { source: {} }]), /not a MessagePort/);
  assert.throws(() => Reflect.construct(OwnRejectionEvent, ["x", { promise: 1 }]), /'promise'/);
  assert.throws(() => Reflect.construct(OwnRejectionEvent, ["x"]), /2 arguments required/);
  const read: string[] = [];
  const spy = new Proxy({}, { get: (_, key) => void read.push(String(key)) });
  options("x", () => {}, spy);
  new OwnErrorEvent("error", spy);
  assert.is(
    read.join(),
    "capture,once,passive,signal,bubbles,cancelable,composed,colno,error,filename,lineno,message",
  );
  const message = new OwnMessageEvent("x");
  message.initMessageEvent("y", true, false, 1, "o", "7");
  assert.equal(
    [message.type, message.bubbles, message.data, message.origin, message.lastEventId, message.ports],
    ["y", true, 1, "o", "7", []],
  );
  assert.is(message.ports, message.ports);
});

test.run();
