import { test } from "uvu";
import * as assert from "uvu/assert";
import { bodyStream } from "../../src/cache/body-stream.ts";
import { type CacheOptions, cacheBounds } from "../../src/cache/cache-options.ts";
import { CacheError } from "../../src/cache/cache-error.ts";
import {
  type CacheHit,
  type CacheRequest,
  type CacheResponse,
  type PutOutcome,
  ResponseCache,
} from "../../src/cache/response-cache.ts";
import { openMemoryCache } from "../../src/storage/open-cache.ts";

/** A cache on a clock that the test moves. */
class Rig {
  nowMs = 1_700_000_000_000;
  readonly abort = new AbortController();
  readonly cache: ResponseCache;

  constructor(options: CacheOptions = {}) {
    const now = (): number => this.nowMs;
    const bounds = (): Required<CacheOptions> => cacheBounds(true, options);
    this.cache = new ResponseCache({ store: openMemoryCache(now), now, bounds });
  }

  put(request: Partial<CacheRequest>, response: Partial<CacheResponse>): Promise<PutOutcome> {
    return this.cache.put(
      { account: "acme", cacheName: null, url: "http://a/", headers: "", ...request },
      { status: 200, statusText: "", headers: "cache-control\nmax-age=60", body: null, ...response },
      this.abort.signal,
    );
  }

  match(request: Partial<CacheRequest> = {}): Promise<CacheHit | null> {
    return this.cache.match({ account: "acme", cacheName: null, url: "http://a/", headers: "", ...request });
  }

  async text(request: Partial<CacheRequest> = {}): Promise<string | null> {
    const hit = await this.match(request);
    if (hit === null || hit.body === null) return null;
    if (hit.stored.whole !== null)
      return new TextDecoder().decode(hit.stored.whole.subarray(hit.body.start, hit.body.end));
    return await new Response(bodyStream(hit.stored, hit.body)).text();
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A stream that goes on as long as somebody reads. */
function endless(size: number): { stream: ReadableStream<Uint8Array>; pulled: number; canceled: boolean } {
  const source = {
    pulled: 0,
    canceled: false,
    stream: new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await new Promise((resolve) => setImmediate(resolve));
          source.pulled += size;
          controller.enqueue(new Uint8Array(size));
        },
        cancel() {
          source.canceled = true;
        },
      },
      { highWaterMark: 0 },
    ),
  };
  return source;
}

async function fails(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "no error",
    (error: unknown) =>
      error instanceof CacheError ? `${error.errorName}: ${error.message}` : String(error),
  );
}

test("match finds what was put until it is stale, and says how old it is", async () => {
  const rig = new Rig();
  assert.is(
    await rig.put({}, { body: bytes("one"), headers: "cache-control\nmax-age=60\nage\n10" }),
    "stored",
  );
  rig.nowMs += 49_999;
  const hit = await rig.match();
  assert.match(hit!.headers, "age\n59");
  assert.is(await rig.text(), "one");
  rig.nowMs += 1;
  assert.is(await rig.match(), null);
});

test("match keeps accounts, caches and URLs apart", async () => {
  const rig = new Rig();
  await rig.put({}, { body: bytes("default") });
  await rig.put({ cacheName: "default" }, { body: bytes("named") });
  await rig.put({ account: "other" }, { body: bytes("other") });
  assert.is(await rig.text(), "default");
  assert.is(await rig.text({ cacheName: "default" }), "named");
  assert.is(await rig.text({ account: "other" }), "other");
  assert.is(await rig.text({ url: "http://a/#fragment" }), "default");
  assert.is(await rig.text({ url: "HTTP://A:80" }), "default");
  for (const url of ["https://a/", "http://a/?", "http://a/x", "http://b/"])
    assert.is(await rig.text({ url }), null, url);
  assert.is(await rig.text({ cacheName: '","http://a/' }), null);
});

test("match respects Vary", async () => {
  const rig = new Rig();
  const headers = "cache-control\nmax-age=60\nvary\nAccept-Language";
  await rig.put({ headers: "accept-language\nde" }, { headers, body: bytes("hallo") });
  await rig.put({ headers: "accept-language\nen" }, { headers, body: bytes("hello") });
  assert.is(await rig.text({ headers: "Accept-Language\nde\naccept\n*/*" }), "hallo");
  assert.is(await rig.text({ headers: "accept-language\nen" }), "hello");
  assert.is(await rig.text(), null);
  assert.is(
    await rig.cache.delete({ account: "acme", cacheName: null, url: "http://a/", headers: "" }),
    true,
  );
  assert.is(await rig.text({ headers: "accept-language\nen" }), null);
});

test("put leaves out what its headers or status do not allow, and lets its stream go", async () => {
  const rig = new Rig();
  for (const response of [
    { headers: "cache-control\nno-store" },
    { headers: "cache-control\nmax-age=60\nset-cookie\na=b" },
    { headers: "cache-control\nmax-age=60\nvary\n*" },
    { status: 206 },
    { status: 304 },
  ]) {
    const body = endless(10);
    assert.is(await rig.put({}, { ...response, body: body.stream }), "ignored");
    assert.equal([body.pulled, body.canceled], [0, true]);
    assert.is(await rig.match(), null);
  }
});

test("put ends a stream that never ends at the size of one response, and keeps what was there", async () => {
  const rig = new Rig({ objectBytes: 1_000_000 });
  await rig.put({}, { body: bytes("before") });
  const body = endless(64 * 1024);
  assert.is(await rig.put({}, { body: body.stream }), "tooLarge");
  assert.ok(body.canceled && body.pulled <= 1_100_000, `${body.pulled}`);
  assert.is(await rig.text(), "before");
  assert.is(await rig.put({}, { body: new Uint8Array(1_000_000) }), "stored");
});

test("put of a body that fails or is given up stores nothing", async () => {
  const rig = new Rig();
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(100_000));
      if (pieces++ === 3) controller.error(new Error("the origin went away"));
    },
  });
  let pieces = 0;
  assert.match(await fails(rig.put({}, { body: broken })), "the origin went away");
  assert.is(await rig.match(), null);

  const body = endless(1_000);
  const put = fails(rig.put({}, { body: body.stream }));
  await new Promise((resolve) => setTimeout(resolve, 10));
  rig.abort.abort(new Error("the event is over"));
  assert.match(await put, "the event is over");
  assert.ok(body.canceled);
  assert.is(await rig.match(), null);
});

test("keys, names and headers of any size end in an error that says so", async () => {
  const rig = new Rig();
  const long = `http://a/${"x".repeat(16 * 1024)}`;
  assert.match(
    await fails(rig.put({ url: long }, {})),
    "TypeError: Invalid URL. Cache API keys have at most",
  );
  assert.match(await fails(rig.match({ url: long })), "TypeError: Invalid URL.");
  assert.is(await rig.put({ url: `http://a/${"x".repeat(16_000)}` }, { body: bytes("x") }), "stored");
  for (const url of ["", "/relative", "ftp://a/", "data:,x"])
    assert.is(
      await fails(rig.match({ url })),
      "TypeError: Invalid URL. Cache API keys must be fully-qualified, valid URLs.",
    );
  assert.is(await fails(rig.match({ cacheName: "n".repeat(1_024) })), "TypeError: Cache name is too long.");
  assert.match(await fails(rig.put({}, { headers: `x\n${"y".repeat(200_000)}` })), "headers have more than");
  assert.match(await fails(rig.put({}, { headers: "no value" })), "malformed headers");
  assert.match(await fails(rig.put({}, { headers: "a b\nc" })), "malformed headers");
  assert.match(await fails(rig.put({}, { status: 99 })), "malformed call");
  assert.match(
    await fails(
      rig.put(
        { headers: `x-long\n${"v".repeat(20_000)}` },
        { headers: "cache-control\nmax-age=60\nvary\nx-long" },
      ),
    ),
    "varies by are too long",
  );
});

test("a put that has no room among those under way says so, and the next one works", async () => {
  const rig = new Rig({ accountBytes: 300_000, objectBytes: 300_000 });
  let more: (() => void) | undefined;
  const slow = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        controller.enqueue(new Uint8Array(200_000));
        await new Promise<void>((resolve) => (more = resolve));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const first = rig.put({ url: "http://a/1" }, { body: slow });
  while (more === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.match(
    await fails(rig.put({}, { body: new Uint8Array(200_000) })),
    "Error: Unable to store response",
  );
  more();
  assert.is(await first, "stored");
  assert.is(await rig.put({}, { body: new Uint8Array(200_000) }), "stored");
});

test.run();
