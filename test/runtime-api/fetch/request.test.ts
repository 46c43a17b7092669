import { test } from "uvu";
import * as assert from "uvu/assert";
import { AbortController } from "../../../runtime-api/abort/abort-controller.ts";
import type { AbortSignal } from "../../../runtime-api/abort/abort-signal.ts";
import { makeRequest, takeRequest } from "../../../runtime-api/fetch/internal.ts";
import { Request } from "../../../runtime-api/fetch/request.ts";
import type { RequestInit } from "../../../runtime-api/fetch/request-init.ts";
import { Response } from "../../../runtime-api/fetch/response.ts";
import { ReadableStream, TransformStream } from "../../../runtime-api/streams/stream-classes.ts";
import { rejection, StandInBody, standInHost } from "./stand-in-host.ts";
import { ofKind } from "../../of-kind.ts";

const NodeRequest = globalThis.Request;
standInHost();

function incoming(
  body: null | string | Uint8Array | StandInBody,
  method = "POST",
  signal: AbortSignal = new AbortController().signal,
): Request {
  return makeRequest(
    method,
    "https://host/path?q#f",
    "Content-Type\tx\nignored\nHost\nhost",
    body,
    signal,
    '{"colo":"X"}',
  );
}

const INITS: [unknown, unknown?][] = [
  ["http://a.b/c"],
  ["HTTP://A.b:80/../c?d#e"],
  ["/relative"],
  [""],
  ["http://user:pw@a.b/"],
  ["http://a.b/@x"],
  ["data:,x"],
  ["nonsense:x"],
  [undefined],
  ["http://a/", { method: "post" }],
  ["http://a/", { method: "patch" }],
  ["http://a/", { method: "x y" }],
  ["http://a/", { method: "connect" }],
  ["http://a/", { method: "" }],
  ["http://a/", { method: "__proto__" }],
  ["http://a/", { body: "x" }],
  ["http://a/", { method: "HEAD", body: "" }],
  ["http://a/", { body: null }],
  ["http://a/", { method: "PUT", body: "x" }],
  ["http://a/", { headers: { a: "1" } }],
  ["http://a/", { headers: [["a"]] }],
  ["http://a/", { method: "POST", body: "x", headers: { "Content-Type": "own" } }],
  ["http://a/", { redirect: "manual" }],
  ["http://a/", { redirect: "other" }],
  ["http://a/", { signal: null }],
  ["http://a/", { signal: {} }],
  [
    "http://a/",
    {
      cache: "no-store",
      credentials: "omit",
      mode: "same-origin",
      keepalive: 1,
      integrity: "i",
      referrerPolicy: "origin",
    },
  ],
  ["http://a/", { cache: "other" }],
  ["http://a/", { mode: "other" }],
  ["http://a/", { mode: "no-cors", method: "PUT" }],
  ["http://a/", { mode: "no-cors", method: "post" }],
  ["http://a/", { cache: "only-if-cached" }],
  ["http://a/", { cache: "only-if-cached", mode: "same-origin" }],
  ["http://a/", { priority: "high" }],
  ["http://a/", { priority: "urgent" }],
  ["http://a/", { duplex: "full" }],
  ["http://a/", { window: null }],
  ["http://a/", { window: "w" }],
  ["http://a/", { referrer: "http://:x" }],
  ["http://a/", { headers: { a: "\u0100" } }],
  ["http://a/", null],
  ["http://a/", 1],
];
test("new Request takes and refuses what Node's does", () => {
  const look = (Class: new (...args: never[]) => Request | globalThis.Request, args: unknown[]): unknown => {
    try {
      const request = new Class(...(args as never[]));
      const {
        method,
        url,
        redirect,
        cache,
        credentials,
        mode,
        keepalive,
        integrity,
        referrerPolicy,
        bodyUsed,
        duplex,
        destination,
      } = request as Request;
      return {
        method,
        url,
        redirect,
        cache,
        credentials,
        mode,
        keepalive,
        integrity,
        referrerPolicy,
        bodyUsed,
        duplex,
        destination,
        body: request.body === null,
        headers: [...request.headers],
        aborted: request.signal.aborted,
      };
    } catch (error) {
      return (error as Error).name;
    }
  };
  for (const args of INITS) assert.equal(look(Request, args), look(NodeRequest, args), JSON.stringify(args));
});

test("new Request reads its members in the order of the alphabet, each once", () => {
  const read: string[] = [];
  const init = new Proxy(
    { method: "PUT", body: "x" },
    {
      get(target, key) {
        read.push(String(key));
        return Reflect.get(target, key);
      },
    },
  );
  void new Request("http://a/", init);
  assert.equal(new Set(read).size, read.filter((key) => key !== "headers").length + 1);
  assert.equal(read, read.toSorted());
});

test("new Request takes a stream as the body without duplex, and none with keepalive", () => {
  const send = (body: unknown, more: object = {}): Request =>
    new Request("http://a/", { method: "POST", body: body as string, ...more });
  const own = (): ReadableStream => new ReadableStream({ pull: (controller) => controller.close() });
  assert.is(send(own()).duplex, "half");
  assert.is(send(own(), { duplex: "half" }).duplex, "half");
  assert.throws(() => send(own(), { duplex: "half", keepalive: true }), /keepalive/);
  // As on Workers, where no code has it.
  assert.is(send(new Response("x").body).method, "POST");
  assert.is(send(new TransformStream().readable).method, "POST");
});

test("Request.json on text parses it, whatever the request was made of", async () => {
  assert.equal(await new Request("http://a", { method: "POST", body: '{"a":1}' }).json(), { a: 1 });
  assert.equal(await incoming('{"a":1}').json(), { a: 1 });
  assert.equal(await incoming(new TextEncoder().encode('\ufeff{"a":1}')).json(), { a: 1 });
  const host = new StandInBody(2, '{"a"', ":1}");
  assert.equal(await incoming(host).json(), { a: 1 });
  assert.is(host.opened, true);
  assert.instance(await rejection(incoming("{").json()), SyntaxError);
});

test("Request of a Request takes its body over", async () => {
  const first = new Request("http://a", { method: "POST", body: "text", headers: { a: "1" } });
  const second = new Request(first, { headers: { b: "2" } });
  assert.is(first.bodyUsed, true);
  assert.equal([...second.headers], [["b", "2"]]);
  assert.is(await second.text(), "text");
  assert.throws(() => new Request(second), ofKind(TypeError));
  const replaced = new Request(second, { method: "PATCH", body: "new" });
  assert.equal([replaced.method, await replaced.text()], ["PATCH", "new"]);
  const third = new Request("http://a", { method: "POST", body: "x" });
  assert.throws(() => new Request(third, { method: "GET" }), ofKind(TypeError));
  assert.is(third.bodyUsed, false);
});

test("Request's signal follows the one it was given, and that of the request it was made of", () => {
  const controller = new AbortController();
  const first = new Request("http://a", { signal: controller.signal });
  const second = new Request(first);
  const third = new Request(second, { signal: null });
  const copy = second.clone();
  assert.is.not(first.signal, controller.signal);
  assert.is(first.signal, first.signal);
  controller.abort("why");
  assert.equal(
    [first, second, third, copy].map((request) => request.signal.aborted),
    [true, true, false, true],
  );
  assert.is(second.signal.reason, "why");
  assert.is(new Request("http://a", { signal: controller.signal }).signal.aborted, true);
});

test("makeRequest gives the request as it came, cf included", () => {
  const { signal } = new AbortController();
  const request = incoming(null, "GET", signal);
  assert.is(request.url, "https://host/path?q#f");
  assert.is(request.headers.get("host"), "host");
  assert.throws(() => request.headers.set("a", "b"), /immutable/);
  assert.equal(request.cf, { colo: "X" });
  assert.is(request.cf, request.cf);
  assert.is(request.signal, signal);
  assert.is(request.redirect, "manual");
  const copy = new Request(request);
  copy.headers.set("a", "b");
  assert.is(copy.headers.get("a"), "b");
  assert.is(copy.cf, request.cf);
  assert.equal(new Request(request, { cf: { own: 1 } } as RequestInit).cf, { own: 1 });
  assert.is(makeRequest("GET", "http://a/", "", null, signal, "").cf, undefined);
});

test("makeRequest's signal is not followed by requests made of it, unless told to", () => {
  const controller = new AbortController();
  const request = incoming(null, "GET", controller.signal);
  const plain = new Request(request);
  const told = new Request(request, { signal: request.signal });
  const copy = request.clone();
  assert.is(takeRequest(incoming(null, "GET")).signal, undefined);
  controller.abort();
  assert.equal([plain.signal.aborted, told.signal.aborted, copy.signal.aborted], [false, true, true]);
});

test("Request hands a body of the host on untouched", async () => {
  for (const pass of [
    (request: Request) => request,
    (request: Request) => new Request(request),
    (request: Request) => new Request("http://b/", { method: "PUT", body: request.body }),
    (request: Request) => new Request("http://b/", request as RequestInit),
    (request: Request) => (void request.body, request),
  ]) {
    const host = new StandInBody(2, "x");
    const request = incoming(host);
    const { body } = takeRequest(pass(request));
    assert.is((body as { ref: unknown }).ref, host);
    assert.is(host.taken, false);
    assert.is(request.bodyUsed, true);
    assert.instance(await rejection(request.text()), TypeError);
  }
});

test("Request opens a body of the host at the first read, not at .body", async () => {
  const host = new StandInBody(2, "ab", "c");
  const request = incoming(host);
  const reader = request.body?.getReader();
  await new Promise((resolve) => setImmediate(resolve));
  assert.is(host.opened, false);
  assert.equal(new TextDecoder().decode((await reader?.read())?.value), "ab");
  assert.is(host.opened, true);
  assert.is(request.bodyUsed, true);
  assert.throws(() => takeRequest(request), ofKind(TypeError));
  await reader?.cancel("enough");
  assert.is(host.cancelled, "enough");
});

test("Request.clone splits a body of the host", async () => {
  const request = incoming(new StandInBody(2, "ab", "c"));
  const copy = request.clone();
  assert.equal(await Promise.all([request.text(), copy.text()]), ["abc", "abc"]);
});

test("Request's methods go by the brand", async () => {
  const fake = Object.create(Request.prototype) as Request;
  for (const name of ["method", "url", "headers", "body", "signal", "cf", "duplex"] as const)
    assert.throws(() => fake[name], ofKind(TypeError), name);
  assert.instance(await rejection(fake.json()), TypeError);
  assert.throws(() => takeRequest(fake), ofKind(TypeError));
  assert.is(Object.prototype.toString.call(new Request("http://a")), "[object Request]");
});

test.run();
