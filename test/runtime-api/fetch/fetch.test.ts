import { test } from "uvu";
import * as assert from "uvu/assert";
import { AbortController } from "../../../runtime-api/abort/abort-controller.ts";
import { INLINE_BODY_BYTES } from "../../../runtime-api/contract/bounds.ts";
import { BodyKind } from "../../../runtime-api/contract/flat.ts";
import { fetch } from "../../../runtime-api/fetch/fetch.ts";
import { Headers } from "../../../runtime-api/fetch/headers.ts";
import { makeRequest, takeResponse } from "../../../runtime-api/fetch/internal.ts";
import { Request } from "../../../runtime-api/fetch/request.ts";
import { Response } from "../../../runtime-api/fetch/response.ts";
import { readAll } from "../../../runtime-api/streams/read-all.ts";
import { ReadableStream } from "../../../runtime-api/streams/stream-classes.ts";
import { rejection, StandInBody, standInHost } from "./stand-in-host.ts";

const nodeFetch = globalThis.fetch;

test("fetch asks the host, and makes a Response of its reply", async () => {
  const host = standInHost();
  const pending = fetch("http://a.b/c?d#e", {
    method: "post",
    body: "text",
    headers: { x: "1" },
    redirect: "error",
  });
  const [call] = host.calls;
  assert.equal([call?.slot, call?.op], [0, "fetch"]);
  assert.equal(call?.args, [
    "POST",
    "http://a.b/c?d",
    "x\n1\ncontent-type\ntext/plain;charset=UTF-8",
    BodyKind.text,
    "text",
    "error",
  ]);
  call?.reply(201, "Created", "A\n1\nset-cookie\nb", BodyKind.text, "answer", "http://a.b/final", true);
  const response = await pending;
  assert.equal(
    [response.status, response.statusText, response.url, response.redirected],
    [201, "Created", "http://a.b/final", true],
  );
  assert.equal(response.headers.getSetCookie(), ["b"]);
  assert.throws(() => response.headers.set("a", "2"), /immutable/);
  assert.is(await response.text(), "answer");
});

test("fetch says its cache mode in headers, unless the worker has set them", async () => {
  const sent = (init: object): unknown => {
    const host = standInHost();
    void fetch("http://a", init);
    return host.calls[0]?.args[2];
  };
  assert.is(sent({ cache: "default" }), "");
  assert.is(sent({ cache: "force-cache" }), "");
  assert.is(sent({ cache: "no-cache" }), "cache-control\nmax-age=0");
  assert.is(sent({ cache: "reload" }), "pragma\nno-cache\ncache-control\nno-cache");
  assert.is(
    sent({ cache: "no-store", headers: { "Cache-Control": "max-age=5", x: "y" } }),
    "cache-control\nmax-age=5\nx\ny\npragma\nno-cache",
  );
  const host = standInHost();
  const only = fetch("http://a", { cache: "only-if-cached", mode: "same-origin" });
  assert.is(((await rejection(only)) as Error).name, "TypeError");
  assert.is(host.calls.length, 0);
});

test("fetch sends the referrer that it is given, and follows within the origin where it shall stay there", async () => {
  const host = standInHost();
  const referrer = "http://b/page";
  for (const init of [
    { referrer },
    { referrer, referrerPolicy: "origin", integrity: "sha256-x" },
    { referrer: "" },
    { referrer: "about:client", referrerPolicy: "origin" },
    { mode: "same-origin" },
    { mode: "same-origin", redirect: "manual" as const },
  ])
    void rejection(fetch("http://a", init));
  assert.equal(
    host.calls.map(({ args }) => args.slice(5)),
    [
      ["follow", "", referrer, ""],
      ["follow", "sha256-x", referrer, "origin"],
      ["follow"],
      ["follow"],
      ["sameOrigin"],
      ["manual"],
    ],
  );
});

test("fetch says how names of headers were written first, also by the request that it is given", async () => {
  const host = standInHost();
  const sent = (headers: Headers | Record<string, string>): unknown => {
    void rejection(fetch("http://a", { headers }));
    return host.calls.at(-1)!.args[9];
  };
  assert.is(sent({ "x-low": "1" }), undefined);
  assert.is(sent({ "X-One": "1", "x-low": "2" }), "X-One");
  const headers = new Headers([
    ["X-A", "1"],
    ["x-A", "2"],
    ["X-B", "3"],
  ]);
  headers.set("x-B", "4");
  headers.append("X-C", "5");
  const copy = new Headers(headers);
  headers.delete("x-a");
  headers.append("x-A", "6");
  assert.is(sent(headers), "X-B\nX-C\nx-A");
  assert.is(sent(copy), "X-A\nX-B\nX-C");
  const request = new Request("http://a", { headers: copy });
  for (const made of [request.clone(), new Request(request), new Request(request, { method: "PUT" })]) {
    void rejection(fetch(made));
    assert.is(host.calls.at(-1)!.args[9], "X-A\nX-B\nX-C");
    made.headers.delete("X-B");
    void rejection(fetch(made));
    assert.is(host.calls.at(-1)!.args[9], "X-A\nX-C");
  }
});

test("fetch sends the integrity that it asks for, and takes none for a data: URL", async () => {
  const host = standInHost();
  void rejection(fetch("http://a", { integrity: "sha256-x" }));
  void rejection(fetch("http://a", { integrity: "" }));
  assert.equal(
    host.calls.map(({ args }) => args.slice(5)),
    [["follow", "sha256-x"], ["follow"]],
  );
  assert.instance(await rejection(fetch("data:,x", { integrity: "sha256-x" })), TypeError);
});

test("fetch sends small bodies inline and large ones as a stream", async () => {
  const third = Math.floor(INLINE_BODY_BYTES / 3);
  const cases: [string | Uint8Array, number][] = [
    ["x".repeat(third), BodyKind.text],
    ["x".repeat(third + 1), BodyKind.bytes],
    ["\u20ac".repeat(third + 1), BodyKind.stream],
    [new Uint8Array(INLINE_BODY_BYTES), BodyKind.bytes],
    [new Uint8Array(INLINE_BODY_BYTES + 1), BodyKind.stream],
  ];
  for (const [body, kind] of cases) {
    const host = standInHost();
    void fetch("http://a", { method: "POST", body });
    const args = host.calls[0]?.args ?? [];
    assert.is(args[3], kind);
    if (kind !== BodyKind.stream) continue;
    assert.is(args[4], 1);
    const sent = await readAll(host.sent[0] as never, 1e6);
    assert.equal(sent, typeof body === "string" ? new TextEncoder().encode(body) : body);
  }
});

test("fetch passes the incoming request and its body on by reference", async () => {
  const host = standInHost();
  const body = new StandInBody(2, "x");
  void fetch(makeRequest("POST", "http://a/", "h\n1", body, new AbortController().signal, ""));
  assert.equal(host.calls[0]?.args, ["POST", "http://a/", "h\n1", BodyKind.ref, 2, "manual"]);
  assert.is(body.passed, true);
});

test("fetch's answer goes back by reference, signal or not, until it is touched", async () => {
  for (const signal of [undefined, new AbortController().signal]) {
    for (const pass of [
      (r: Response) => r,
      (r: Response) => new Response(r.body, r),
      (r: Response) => new Response(r.body, { headers: r.headers }),
    ]) {
      const host = standInHost();
      const body = new StandInBody(4, "x");
      host.bodies.set(4, body);
      const pending = fetch("http://a", signal === undefined ? {} : { signal });
      host.calls[0]?.reply(200, "", "", BodyKind.stream, 4, "http://a/", false);
      assert.is((takeResponse(pass(await pending)).body as { ref: unknown }).ref, body);
      assert.is(body.taken, false);
    }
  }
});

test("fetch aborts before, during and after the head", async () => {
  const host = standInHost();
  const before = new AbortController();
  before.abort("early");
  assert.is(await rejection(fetch("http://a", { signal: before.signal })), "early");
  assert.is(host.calls.length, 0);
  let cancelled: unknown;
  const body = new ReadableStream({ cancel: (reason) => void (cancelled = reason) });
  void rejection(fetch("http://a", { method: "POST", body, duplex: "half", signal: before.signal }));
  assert.is(cancelled, "early");

  const during = new AbortController();
  const pending = rejection(fetch("http://a", { signal: during.signal }));
  during.abort("stop");
  assert.is(await pending, "stop");
  assert.is(host.calls[0]?.cancelled, "stop");

  for (const read of [true, false]) {
    const after = new AbortController();
    const body = new StandInBody(6, "first", "second");
    host.bodies.set(6, body);
    const answer = fetch("http://a", { signal: after.signal });
    host.calls.at(-1)?.reply(200, "", "", BodyKind.stream, 6, "http://a/", false);
    const response = await answer;
    const reader = read ? response.body?.getReader() : undefined;
    if (reader !== undefined) await reader.read();
    after.abort("late");
    assert.is(body.cancelled, "late");
    assert.is(await rejection(reader === undefined ? response.text() : reader.read()), "late");
    assert.is(host.calls.at(-1)?.cancelled, undefined);
  }
});

test("fetch's signal breaks a body that is being read whole, and its clones", async () => {
  for (const read of [
    (response: Response) => response.text(),
    (response: Response) => new Response(response.body).json(),
    (response: Response) => response.clone().bytes(),
  ]) {
    const host = standInHost();
    const body = new StandInBody(8, "first", StandInBody.stall);
    host.bodies.set(8, body);
    const controller = new AbortController();
    const answer = fetch("http://a", { signal: controller.signal });
    host.calls[0]?.reply(200, "", "", BodyKind.stream, 8, "http://a/", false);
    const reading = rejection(read(await answer));
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort("late");
    assert.is(await reading, "late");
    assert.is(body.cancelled, "late");
  }
});

test("fetch rejects as the host says, and for schemes that it does not know", async () => {
  const host = standInHost();
  const pending = rejection(fetch("http://a"));
  const error = new TypeError("no route");
  host.calls[0]?.fail(error);
  assert.is(await pending, error);
  for (const url of ["ftp://a/", "file:///etc/passwd", "blob:x", "about:blank", "relative"])
    assert.instance(await rejection(fetch(url)), TypeError);
  assert.instance(await rejection((fetch as () => Promise<unknown>)()), TypeError);
  const used = new Request("http://a", { method: "POST", body: "x" });
  await used.text();
  assert.instance(await rejection(fetch(used)), TypeError);
  assert.is(host.calls.length, 1);
});

const DATA_URLS = [
  "data:,hello%20world",
  "data:text/plain,%FF%zz%4",
  "data:;charset=utf-8,x",
  "data:text/html;charset=utf-8;base64,aGk=",
  "data:;base64,aG k",
  "data:a/b;base64,a",
  "data:;base64,aGk==",
  "data:text/plain;Base64 ,aGk%3D",
  "data:nonsense,x",
  "data:text/plain",
  "data:,x#fragment",
  'data:application/json;x="a b",{}',
  "data:base64,aGk=",
];
for (const url of DATA_URLS) {
  test(`fetch reads ${url} as Node's does`, async () => {
    standInHost();
    const look = (response: Response | globalThis.Response): unknown =>
      response.bytes().then((bytes) => [response.status, response.headers.get("content-type"), [...bytes]]);
    const [ours, theirs] = await Promise.all([
      fetch(url).then(look, (e: Error) => e.name),
      nodeFetch(url).then(look, (e: Error) => e.name),
    ]);
    assert.equal(ours, theirs);
  });
}

test.run();
