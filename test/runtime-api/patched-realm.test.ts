import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../runtime-api/contract/in.ts";
import { only, worker } from "./worker/isolate-fixture.ts";

/** Code of a worker that replaces nearly every function that a runtime could lean on. */
const PATCH = `
  const { defineProperty: defineHere, getOwnPropertyDescriptor: describe } = Object, { ownKeys } = Reflect;
  const { stringify } = JSON, PromiseHere = Promise;
  const boom = (key) => function () { throw new Error("patched " + String(key)); };
  function patch() {
    const holders = [
      Array.prototype, String.prototype, Map.prototype, Set.prototype, WeakMap.prototype, WeakRef.prototype, Number.prototype,
      EventTarget.prototype, Event.prototype, Object.getPrototypeOf(Uint8Array.prototype), Function.prototype, Array, String,
      Number, Reflect, JSON, Math,
    ];
    for (let i = 0; i < holders.length; i++) {
      const keys = ownKeys(holders[i]);
      for (let j = 0; j < keys.length; j++) {
        if (keys[j] === "constructor" || typeof describe(holders[i], keys[j]).value !== "function") continue;
        try { defineHere(holders[i], keys[j], { value: boom(keys[j]) }); } catch {}
      }
    }
  }`;

test("messages, events, errors, tasks and time work in a realm whose intrinsics are patched", async () => {
  using isolate = await worker(
    `{ async fetch() {
    const seen = [];
    const note = (item) => { seen[seen.length] = item; };
    addEventListener("error", (event) => note(event.message));
    const { port1, port2 } = new MessageChannel();
    patch();
    const got = new PromiseHere((resolve) => {
      port2.onmessage = ({ data, ports }) => { note(data.a + ":" + ports.length); resolve(); };
    });
    port1.postMessage({ a: "message" });
    await got;
    performance.mark("m", { startTime: 1 });
    note(performance.measure("x", "m").startTime);
    note(performance.getEntriesByName("m").length);
    await scheduler.wait(0);
    reportError("reported");
    note(structuredClone({ list: [1, 2], map: new Map() }).list.length);
    return new Response(stringify(seen));
  } }`,
    { before: PATCH },
  );
  await isolate.fetch();
  await isolate.send(1, In.timer, 1);
  const out = await isolate.send(1, In.timer, 2);
  assert.is(only(out, "head")[4], '["message:0",1,1,"Uncaught reported",2]');
});

test.run();
