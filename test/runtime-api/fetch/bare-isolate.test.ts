import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ivm from "isolated-vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import "../../../src/isolate/process-end.ts";
import { askNode } from "../stand-in-io.ts";

const ENTRY = `
  import { AbortController } from "./abort/abort-controller.ts";
  import { exposeFetch } from "./fetch/expose-fetch.ts";
  import { makeRequest, takeResponse } from "./fetch/internal.ts";
  import { setIo } from "./io/io.ts";
  import { exposeForms } from "./form-data/forms.ts";
  import { exposeStreams } from "./streams/expose-streams.ts";
  import { URL } from "./url/url.ts";
  export function start(ask, callHost) {
    setIo({ ask, now: () => 0, call: (slot, op, args) => ({ promise: Promise.resolve(callHost(slot, op, args)), cancel() {} }) });
    exposeFetch(globalThis);
    exposeForms(globalThis);
    exposeStreams(globalThis);
    globalThis.URL = URL;
    return async (handler, method, url, headers, body) => {
      const answer = takeResponse(await handler(makeRequest(method, url, headers, body, new AbortController().signal, "")));
      return [answer.status, answer.headers, answer.body];
    };
  }`;

/** A bare isolate with this group of APIs in it, minified as the image may be. */
async function isolateWithFetch(): Promise<AsyncDisposable & { run(code: string): Promise<unknown> }> {
  const bundle = await build({
    stdin: {
      contents: ENTRY,
      resolveDir: fileURLToPath(new URL("../../../runtime-api", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    globalName: "skerryTest",
    platform: "neutral",
    target: "es2024",
    legalComments: "none",
  });
  const isolate = new ivm.Isolate({ memoryLimit: 64 });
  const context = await isolate.createContext();
  await context.eval(bundle.outputFiles[0]?.text ?? "");
  const ask = new ivm.Callback(askNode as (...args: unknown[]) => unknown);
  const callHost = new ivm.Callback(
    (_slot: number, _op: string, ...args: unknown[]) => [
      200,
      "OK",
      "a\n1",
      1,
      JSON.stringify(args),
      args[1],
      false,
    ],
    { sync: true },
  );
  await context.global.set("ask", ask);
  await context.global.set("callHost", callHost);
  await context.eval(
    "globalThis.handle = skerryTest.start(ask, (slot, op, args) => callHost(slot, op, ...args)); delete globalThis.ask; delete globalThis.skerryTest;",
  );
  return {
    run: (code) => context.eval(code, { promise: true, copy: true }),
    [Symbol.asyncDispose]: () => {
      isolate.dispose();
      return Promise.resolve();
    },
  };
}

test("the web APIs serve a request in a bare isolate, from one minified script", async () => {
  await using isolate = await isolateWithFetch();
  assert.equal(
    await isolate.run(`handle(async (request) => {
      const { name } = await request.json();
      return Response.json({ hello: name, path: new URL(request.url).pathname, type: request.headers.get("content-type") }, { status: 201 });
    }, "POST", "https://a.b/c", "Content-Type\\napplication/json", '{"name":"w\u00f6rld"}')`),
    [201, "content-type\napplication/json", '{"hello":"w\u00f6rld","path":"/c","type":"application/json"}'],
  );
  assert.equal(
    await isolate.run(
      `handle((request) => fetch("http://up.stream/", request), "PUT", "https://a.b/", "x\\ny", "text").then((answer) => [answer[1], JSON.parse(answer[2])])`,
    ),
    ["a\n1", ["PUT", "http://up.stream/", "x\ny", 1, "text", "manual"]],
  );
});

test("streams, forms and blobs work in a bare isolate", async () => {
  await using isolate = await isolateWithFetch();
  assert.is(
    await isolate.run(`(async () => {
      const upper = new TransformStream({ transform(chunk, c) { c.enqueue(chunk.map((byte) => byte >= 97 ? byte - 32 : byte)); } });
      const form = new FormData();
      form.append("file", new File(["some text"], "f.txt", { type: "text/plain" }));
      const back = await new Response(form).formData();
      return new Response(back.get("file").stream().pipeThrough(upper)).text();
    })()`),
    "SOME TEXT",
  );
  assert.equal(
    await isolate.run(`(async () => {
      const stream = new WritableStream();
      const piping = new ReadableStream({ pull(c) { c.error(new TypeError("broken")); } }).pipeTo(stream);
      return piping.catch((error) => [error.name, error.message]);
    })()`),
    ["TypeError", "broken"],
  );
});

test("exposeFetch defines globals as Web IDL asks, by their names though minified", async () => {
  await using isolate = await isolateWithFetch();
  const names = [
    "ReadableStream",
    "ReadableStreamBYOBReader",
    "TransformStream",
    "WritableStream",
    "CountQueuingStrategy",
    "Blob",
    "File",
    "FormData",
    "Headers",
    "Request",
    "Response",
  ];
  const shapes = await isolate.run(`${JSON.stringify(names)}.map((name) => {
    const { value, enumerable, writable, configurable } = Object.getOwnPropertyDescriptor(globalThis, name);
    return [value.name, value.prototype[Symbol.toStringTag], enumerable, writable, configurable];
  })`);
  assert.equal(
    shapes,
    names.map((name) => [name, name, false, true, true]),
  );
  assert.equal(
    await isolate.run(
      "const d = Object.getOwnPropertyDescriptor(globalThis, 'fetch'); [d.enumerable, d.value.name, d.value.length]",
    ),
    [true, "fetch", 1],
  );
});

test("the runtime goes on where a worker patches what it can reach", async () => {
  await using isolate = await isolateWithFetch();
  assert.equal(
    await isolate.run(`
      for (const holder of [String.prototype, Array.prototype, Map.prototype, WeakMap.prototype, Uint8Array.prototype, Object.getPrototypeOf(Uint8Array.prototype), ArrayBuffer.prototype, Headers.prototype, Blob.prototype, ReadableStream.prototype]) {
        for (const key of Object.getOwnPropertyNames(holder)) {
          const found = Object.getOwnPropertyDescriptor(holder, key);
          if (key !== "constructor" && found.configurable && typeof found.value === "function") holder[key] = () => { throw new Error("patched " + key); };
        }
      }
      for (const key of ["parse", "stringify"]) JSON[key] = () => { throw new Error("patched"); };
      handle(async (request) => {
        const text = (await request.json()).a;
        const copy = new Response(text, { headers: { "X-A": "1", b: "2" } });
        return copy.clone();
      }, "POST", "https://a.b/c", "Content-Type\\nx", '{"a":"text"}')`),
    [200, "x-a\n1\nb\n2\ncontent-type\ntext/plain;charset=UTF-8", "text"],
  );
});

test.run();
