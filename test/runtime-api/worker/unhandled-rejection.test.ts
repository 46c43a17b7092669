import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../../runtime-api/contract/in.ts";
import { only, types, worker } from "./isolate-fixture.ts";

test("unhandledrejection comes in a later slice, with an error made of the text; the event's end waits for it", async () => {
  using isolate = await worker(
    `{ fetch() { Promise.reject(new TypeError("lost")); return new Response("answered"); } }`,
    {
      before: `addEventListener("unhandledrejection", (event) => {
        console.log(event.type, event.cancelable, event.reason instanceof TypeError, event.reason.message, event.promise instanceof Promise);
        event.promise.catch((reason) => console.log(reason === event.reason));
      });`,
    },
  );
  const first = await isolate.fetch();
  assert.equal(types(first), ["head", "timerSet"]);
  assert.is(isolate.rejections.length, 1);
  const second = await isolate.send(1, In.rejection, "TypeError", "lost", "");
  assert.equal(
    second.filter(({ type }) => type === "log").map(({ fields }) => fields[1]),
    ["unhandledrejection true true lost true", "true"],
  );
  assert.equal(types(await isolate.send(1, In.timer, 1)), ["end"]);
});

test("unhandledrejection gives errors of other names their name and stack", async () => {
  using isolate = await worker(
    `{ async fetch() { await new Promise((resolve) => setTimeout(resolve, 5)); return new Response(globalThis.seen); } }`,
    {
      before: `onunhandledrejection = ({ reason }) => { globalThis.seen = [reason.name, reason.message, reason.stack, reason instanceof Error].join(); };`,
    },
  );
  await isolate.fetch();
  await isolate.send(1, In.rejection, "OddError", "m", "OddError: m\\n    at x");
  assert.is(only(await isolate.send(1, In.timer, 1), "head")[4], "OddError,m,OddError: m\\n    at x,true");
});

test("a rejection of which nobody wants to know changes nothing", async () => {
  using isolate = await worker(`{ fetch() { Promise.reject(1); return new Response(); } }`);
  assert.equal(types(await isolate.fetch()), ["head", "end"]);
  assert.equal(types(await isolate.send(1, In.rejection, "Error", "1", "")), []);
});

test.run();
