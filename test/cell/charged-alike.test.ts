import { test } from "uvu";
import * as assert from "uvu/assert";
import { In } from "../../runtime-api/contract/in.ts";
import { Out } from "../../runtime-api/contract/out.ts";
import { esm, Harness, within } from "./harness.ts";

const WAIT_MS = 150_000;
const LOOP = "for(;;);";
/** Something is still to come, so that the event does not count as hung. */
const FOREVER = "await new Promise(r=>setTimeout(r,600000))";

interface Place {
  readonly name: string;
  readonly code: string;
  readonly top?: string;
  /** The client goes away. */
  readonly aborts?: boolean;
}

/** Where code of an event runs besides its handler: all of it is the event's CPU. */
const PLACES: readonly Place[] = [
  { name: "waitUntil", code: `ctx.waitUntil((async()=>{await 0;${LOOP}})());return new Response()` },
  { name: "a timer", code: `setTimeout(()=>{${LOOP}},2);${FOREVER}` },
  { name: "a task", code: `scheduler.postTask?.(()=>{${LOOP}});setTimeout(()=>{${LOOP}});${FOREVER}` },
  { name: "a microtask", code: `queueMicrotask(()=>{${LOOP}});${FOREVER}` },
  { name: "a stream's pull", code: `return new Response(new ReadableStream({pull(){${LOOP}}}))` },
  {
    name: "a transformer",
    code: `const t=new TransformStream({transform(){${LOOP}}});t.writable.getWriter().write("x");return new Response(t.readable)`,
  },
  { name: "the reply to a call", code: `await (await fetch("http://o.test/")).text();${LOOP}` },
  {
    name: "a listener for abort",
    code: `request.signal.addEventListener("abort",()=>{${LOOP}});fetch("http://o.test/");${FOREVER}`,
    aborts: true,
  },
  {
    name: "a message port",
    code: `const c=new MessageChannel();c.port2.onmessage=()=>{${LOOP}};c.port1.postMessage(1);${FOREVER}`,
  },
  {
    name: "a listener for rejections",
    top: `addEventListener("unhandledrejection",()=>{${LOOP}})`,
    code: `Promise.reject(new Error("floats"));${FOREVER}`,
  },
  {
    name: "a finalizer",
    top: `const registry=new FinalizationRegistry(()=>{${LOOP}})`,
    code: `for(let i=0;i<1000;i++)registry.register({},i);for(;;){const a=[];for(let i=0;i<20000;i++)a.push({i});await new Promise(r=>setTimeout(r,1))}`,
  },
];

for (const kind of ["in-process", "process"] as const) {
  test(`${kind} cell charges an event alike for all that runs for it`, async () => {
    await using host = new Harness({ kind });
    for (const { name, code, top = "", aborts = false } of PLACES) {
      const isolate = await host.load(esm(`{async fetch(request,env,ctx){${code}}}`, top), { cpuMs: 40 });
      const event = host.nextEvent(isolate);
      const over = new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          if (!host.losses.has(isolate)) return;
          clearInterval(timer);
          resolve();
        }, 5);
      });
      host.send(isolate, {
        type: In.fetch,
        event,
        method: "GET",
        url: "http://a.test/",
        headers: "",
        body: [0, null],
        cfJson: "{}",
      });
      if (aborts) {
        const hasBegun = (): boolean =>
          host.all.some(
            (turn) => turn.isolate === isolate && turn.messages.some(({ type }) => type === Out.call),
          );
        while (!hasBegun()) await new Promise((resolve) => setTimeout(resolve, 5));
        host.send(isolate, { type: In.abort, event, reason: "the client went away" });
      }
      await within(WAIT_MS, over, name);
      const loss = host.losses.get(isolate);
      assert.is(loss?.cause, "exceededCpu", name);
      assert.is(loss?.event, event, name);
    }
    assert.equal(host.catastrophes, []);
  });

  test(`${kind} cell ends a top level that takes more CPU than a start may`, async () => {
    await using host = new Harness({ kind });
    const { result } = await host.tryLoad(esm("{fetch(){}}", LOOP), { startupCpuMs: 40 });
    assert.is(result.ok ? "ok" : result.reason, "exceededCpu");
    const awaits = await host.tryLoad(esm("{fetch(){}}", `Promise.resolve().then(()=>{${LOOP}})`), {
      startupCpuMs: 40,
    });
    assert.is(awaits.result.ok ? "ok" : awaits.result.reason, "exceededCpu");
  });
}

test.run();
