import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, types, worker } from "./isolate-fixture.ts";

test("reportError() tells the global scope's listeners what, and where", async () => {
  using isolate = await worker(`{ fetch() {
    const seen = [];
    const thrown = new TypeError("boom");
    addEventListener("error", (event) => { seen.push(event.message, event.error === thrown, event instanceof ErrorEvent, event.lineno > 0, event.colno > 0, event.filename); event.preventDefault(); }, { once: true });
    reportError(thrown);
    addEventListener("error", (event) => { seen.push(event.message, event.lineno > 0); event.preventDefault(); }, { once: true });
    reportError(undefined);
    return Response.json(seen);
  } }`);
  const out = await isolate.fetch();
  assert.is(
    only(out, "head")[4],
    '["Uncaught TypeError: boom",true,true,true,true,"skerry:worker","Uncaught undefined",true]',
  );
  assert.equal(only(out, "end"), [true]);
});

test("an error that no listener cancels counts as uncaught, one of a listener too", async () => {
  using isolate = await worker(`{ fetch() {
    addEventListener("error", () => { throw new Error("in the listener"); });
    reportError(new Error("first"));
    return new Response();
  } }`);
  const out = await isolate.fetch();
  const messages = out.filter(({ type }) => type === "exception").map(({ fields }) => fields[1]);
  assert.equal(messages, ["in the listener", "first"]);
  assert.equal(only(out, "end"), [false]);
});

test("errors of microtasks and timers reach the listeners", async () => {
  using isolate = await worker(`{ async fetch() {
    const seen = [];
    addEventListener("error", (event) => { seen.push(event.error); event.preventDefault(); });
    queueMicrotask(() => { throw "micro"; });
    setTimeout(() => { throw "timer"; }, 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    return Response.json(seen);
  } }`);
  await isolate.fetch();
  await isolate.send(1, In.timer, 1);
  const out = await isolate.send(1, In.timer, 2);
  assert.is(only(out, "head")[4], '["micro","timer"]');
  assert.equal(types(out), ["head", "end"]);
});

test("onerror gets the parts of the error one by one, and cancels by returning true", async () => {
  using isolate = await worker(`{ fetch() {
    const seen = [];
    onerror = (...args) => { seen.push(args.length, args[0], args[4]); return true; };
    reportError("bad");
    self.dispatchEvent(new Event("error"));
    const kept = onerror === globalThis.onerror && "onerror" in WorkerGlobalScope.prototype;
    onerror = 5;
    return Response.json([seen, kept, onerror]);
  } }`);
  const out = await isolate.fetch();
  assert.is(only(out, "head")[4], '[[5,"Uncaught bad","bad",1,{"isTrusted":false},null],true,null]');
  assert.equal(only(out, "end"), [true]);
});

test.run();
