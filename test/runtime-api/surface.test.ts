import ivm from "isolated-vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import "../../src/isolate/process-end.ts";
import { makeHost, upload } from "../end-to-end/fixture.ts";
import { DUMP } from "./surface-dump.ts";
import { ADDED, DEVIATING, LACKING, REMOVED, SURFACE } from "./surface-table.ts";

/** Globals of a worker on Cloudflare beside those of the language, as of its compatibility date 2026-11-17. */
const CLOUDFLARE = `
AbortController AbortSignal Blob Body Buffer ByteLengthQueuingStrategy Cache CacheStorage CloseEvent Cloudflare
CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream ErrorEvent Event
EventSource EventTarget ExtendableEvent FetchEvent File FixedLengthStream FormData HTMLRewriter Headers
IdentityTransformStream MessageChannel MessageEvent MessagePort Navigator Performance PerformanceEntry
PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming
PromiseRejectionEvent ReadableByteStreamController ReadableStream ReadableStreamBYOBReader
ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request Response ScheduledEvent
ServiceWorkerGlobalScope SubtleCrypto TailEvent TextDecoder TextDecoderStream TextEncoder TextEncoderStream TraceEvent
TransformStream TransformStreamDefaultController URL URLPattern URLSearchParams WebSocket WebSocketPair
WebSocketRequestResponsePair WorkerGlobalScope WritableStream WritableStreamDefaultController
WritableStreamDefaultWriter atob btoa caches clearImmediate clearInterval clearTimeout crypto fetch global navigator
origin performance process queueMicrotask reportError scheduler self setImmediate setInterval setTimeout
structuredClone`
  .trim()
  .split(/\s+/);

/** Names that V8 defines in an isolate that is empty. */
async function namesOfV8(): Promise<string[]> {
  const isolate = new ivm.Isolate();
  const context = await isolate.createContext();
  const names = (await context.eval("JSON.stringify(Object.getOwnPropertyNames(globalThis))")) as string;
  isolate.dispose();
  return JSON.parse(names) as string[];
}

const v8 = await namesOfV8();

/** What a handler answers with as JSON, in an isolate of a real host. */
async function answerOf(handler: string): Promise<unknown> {
  await using at = await makeHost({ spares: 0 });
  const worker = await at.host.deploy(upload("surface", `export default ${handler};`));
  const response = await worker.fetch("http://surface.test/");
  const text = await response.text();
  assert.is(response.status, 200, text + at.logs.map((line) => line.text).join());
  return JSON.parse(text);
}

async function surface(): Promise<Record<string, string>> {
  return (await answerOf(`{ fetch: () => new Response(${DUMP(v8)}) }`)) as Record<string, string>;
}

/** A description with its members sorted: their order means nothing. */
function inOrder(description: string): string {
  return description
    .split("; ")
    .map((part) => part.split(" ").toSorted().join(" "))
    .join("; ");
}

test("every global of a worker has the shape that its standard gives it", async () => {
  const found = await surface();
  for (const name of Object.keys(SURFACE)) {
    const [actual, wanted] = [inOrder(found[name] ?? ""), inOrder(SURFACE[name]!)];
    if (name in DEVIATING) assert.is.not(actual, wanted, `"${name}" deviates no more`);
    else assert.is(actual, wanted, name);
  }
  const unknown = Object.keys(found).filter((name) => !(name in SURFACE));
  assert.equal(unknown, [], "each global has its line in the table");
});

test("what Cloudflare has and a worker does not see is lacking on purpose", async () => {
  const found = await surface();
  for (const name of CLOUDFLARE) {
    if (name in LACKING) assert.not(name in found, `"${name}" is not lacking any more`);
    else assert.ok(name in found, `"${name}" is missing`);
  }
  const ours = Object.keys(found).filter((name) => !CLOUDFLARE.includes(name) && !ADDED.includes(name));
  assert.equal(ours, [], "nothing is there that Cloudflare does not have");
});

test("V8's own globals are there, but for what was taken away", async () => {
  const gone = await answerOf(
    `{ fetch: () => Response.json(${JSON.stringify(v8)}.filter((name) => !(name in globalThis))) }`,
  );
  assert.equal(gone, Object.keys(REMOVED));
});

test("the global object inherits from its scope, and its interfaces check what they are called on", async () => {
  const answer = await answerOf(`{ async fetch() {
    const chain = [];
    for (let at = globalThis; at !== null; at = Object.getPrototypeOf(at)) chain.push(at.constructor.name);
    const wrong = [];
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      const value = globalThis[name];
      if (typeof value !== "function" || !/^[A-Z]/.test(name) || ${JSON.stringify(v8)}.includes(name)) continue;
      if (name === "WorkerGlobalScope" || name === "EventTarget") continue;
      for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(value.prototype))) {
        if (get === undefined) continue;
        try { await get.call({}); wrong.push(name + "." + key); } catch (error) { if (!(error instanceof TypeError)) wrong.push(name + "." + key + " " + error.name); }
      }
      try { value(); wrong.push(name + "()"); } catch (error) { if (!(error instanceof TypeError)) wrong.push(name + "() " + error.name); }
    }
    return Response.json([chain, Object.prototype.toString.call(globalThis), wrong]);
  } }`);
  const [chain, tag, wrong] = answer as string[][];
  assert.equal(chain, [
    "ServiceWorkerGlobalScope",
    "ServiceWorkerGlobalScope",
    "WorkerGlobalScope",
    "EventTarget",
    "Object",
  ]);
  assert.is(tag, "[object ServiceWorkerGlobalScope]");
  assert.equal(wrong, []);
});

test.run();
