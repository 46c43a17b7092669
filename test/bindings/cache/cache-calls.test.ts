import { test } from "uvu";
import * as assert from "uvu/assert";
import { BodyKind, type Flat } from "../../../runtime-api/contract/flat.ts";
import { CallError, type CallContext } from "../../../src/bindings/binding.ts";
import { answerCacheCall, isCacheOp } from "../../../src/bindings/cache/cache-calls.ts";
import { cacheBounds } from "../../../src/cache/cache-options.ts";
import { ResponseCache } from "../../../src/cache/response-cache.ts";
import { openMemoryCache } from "../../../src/storage/open-cache.ts";
import type { CacheReading, CacheStore } from "../../../src/storage/cache-store.ts";

const HEADERS = "cache-control\nmax-age=60\ncontent-type\ntext/plain";

/** The calls of one account, as the host makes them. */
class Rig {
  readonly abort = new AbortController();
  readonly opened: ReadableStream<Uint8Array>[] = [];
  /** Readings that were given out and not released. */
  held = 0;
  body: string | Uint8Array | ReadableStream<Uint8Array> | null = null;
  readonly #cache: ResponseCache;

  constructor() {
    const memory = openMemoryCache();
    const store: CacheStore = {
      write: memory.write.bind(memory),
      delete: memory.delete.bind(memory),
      list: memory.list.bind(memory),
      names: memory.names.bind(memory),
      read: async (...asked) => {
        const reading = await memory.read(...asked);
        return reading === null ? null : this.#counted(reading);
      },
      find: async (...asked) => {
        const reading = await memory.find(...asked);
        return reading === null ? null : this.#counted(reading);
      },
    };
    this.#cache = new ResponseCache({ store, now: Date.now, bounds: () => cacheBounds(false) });
  }

  call(op: string, ...args: Flat[]): Promise<readonly Flat[]> {
    const context = {
      account: "acme",
      signal: this.abort.signal,
      openStream: (source: ReadableStream<Uint8Array>) => this.opened.push(source) * 2,
      readBody: () => this.body,
    } as unknown as CallContext;
    return answerCacheCall(this.#cache, op, args, context);
  }

  async put(url: string, body: Rig["body"], status = 200): Promise<readonly Flat[]> {
    this.body = body;
    return await this.call("cachePut", null, url, "", status, "OK", HEADERS, BodyKind.bytes, 0);
  }

  #counted(reading: CacheReading): CacheReading {
    this.held++;
    let released = false;
    const release = (): void => {
      if (!released) this.held--;
      released = true;
      reading.release();
    };
    return { ...reading, release };
  }
}

async function fails(call: Promise<unknown>): Promise<string> {
  return await call.then(
    (value) => `no error, but ${JSON.stringify(value)}`,
    (error: unknown) =>
      error instanceof CallError
        ? `${error.errorName}: ${error.message}`
        : `not for workers: ${String(error)}`,
  );
}

test("isCacheOp knows the operations of the Cache API", () => {
  const ops = "cacheMatch cachePut cacheDelete cacheList cacheRead cacheNames cacheHas cacheDrop".split(" ");
  assert.ok(ops.every(isCacheOp));
  assert.not(isCacheOp("fetch"));
  assert.not(isCacheOp("toString"));
});

test("a small hit travels whole, a large one as a stream that is opened last, a bare one without a body", async () => {
  const rig = new Rig();
  assert.equal(await rig.put("http://a/small", "text"), ["stored"]);
  await rig.put("http://a/large", new Uint8Array(100_000));
  await rig.put("http://a/none", null, 301);
  const small = await rig.call("cacheMatch", null, "http://a/small", "");
  assert.equal(small.slice(0, 3), [true, 200, "OK"]);
  assert.equal(small.slice(4), [BodyKind.bytes, new TextEncoder().encode("text")]);
  const part = await rig.call("cacheMatch", null, "http://a/small", "range\nbytes=1-2");
  assert.equal(part[5], new TextEncoder().encode("ex"));
  assert.is((part[5] as Uint8Array).buffer.byteLength, 2, "a view would take its whole buffer along");
  assert.equal((await rig.call("cacheMatch", null, "http://a/none", "")).slice(4), [BodyKind.none, null]);
  assert.equal(await rig.call("cacheMatch", null, "http://a/other", ""), [
    false,
    0,
    "",
    "",
    BodyKind.none,
    null,
  ]);
  assert.is(rig.held, 0);
  assert.equal((await rig.call("cacheMatch", null, "http://a/large", "")).slice(4), [BodyKind.stream, 2]);
  assert.is(rig.held, 1);
  assert.is((await new Response(rig.opened[0]).arrayBuffer()).byteLength, 100_000);
  assert.is(rig.held, 0);
  assert.equal(await rig.call("cacheDelete", null, "http://a/large", ""), [true]);
  assert.equal(await rig.call("cacheDelete", null, "http://a/large", ""), [false]);
});

test("what a cache holds is listed and read one by one, and its name is listed until it is dropped", async () => {
  const rig = new Rig();
  const put = async (name: string | null, url: string, headers = "", vary = ""): Promise<void> => {
    rig.body = "text";
    await rig.call("cachePut", name, url, headers, 200, "", HEADERS + vary, BodyKind.text, 0);
  };
  await put("n", "http://a/p?q#f");
  await put("n", "http://a/v", "x-a\n1\nx-b\n2", "\nvary\nx-a, x-c");
  await put(null, "http://a/d");
  const [next, id, ...list] = await rig.call("cacheList", "n", null, "", 0, 0);
  assert.equal([next, list[0], list[1]], [0, "http://a/p?q#f", ""]);
  assert.equal(list.slice(3), ["http://a/v", "x-a\n1"]);
  assert.equal((await rig.call("cacheRead", "n", "http://a/p?q", id!)).slice(4), [
    BodyKind.bytes,
    new TextEncoder().encode("text"),
  ]);
  assert.is((await rig.call("cacheRead", null, "http://a/p?q", id!))[0], false);
  assert.is((await rig.call("cacheRead", "n", "http://a/p", id!))[0], false);
  assert.equal(await rig.call("cacheList", "n", "http://a/v", "", 0, 0), [0]);
  assert.is((await rig.call("cacheList", "n", "http://a/v", "", 2, 0)).length, 4);
  assert.is((await rig.call("cacheMatch", null, "http://a/p", "", 1 + 4))[0], true);
  assert.equal(await rig.call("cacheNames", null), [false, "n"]);
  assert.equal(await rig.call("cacheNames", "n"), [false]);
  assert.equal([await rig.call("cacheHas", "n"), await rig.call("cacheHas", "")], [[true], [false]]);
  assert.equal([await rig.call("cacheDrop", "n"), await rig.call("cacheDrop", "n")], [[true], [false]]);
  assert.is((await rig.call("cacheMatch", null, "http://a/d", ""))[0], true);
  assert.is(rig.held, 0);
});

test("a cache with a name gives back what was put, and where it came from; the default one takes no such word", async () => {
  const rig = new Rig();
  const put = async (...args: Flat[]): Promise<readonly Flat[]> => await rig.call("cachePut", ...args);
  const none = [BodyKind.none, null];
  rig.body = "text";
  const headers = "cache-control\nmax-age=60\nage\n7\ncontent-length\n1";
  const from = ["basic", "http://b/", true];
  await put("n", "http://a/", "", 200, "OK", headers, BodyKind.text, 0, ...from);
  const asked = ["http://a/", "if-none-match\n*\nrange\nbytes=0-1"];
  const hit = [true, 200, "OK", headers, BodyKind.bytes, new TextEncoder().encode("text"), ...from];
  assert.equal(await rig.call("cacheMatch", "n", ...asked), hit);
  assert.equal(await rig.call("cacheMatch", null, ...asked, 4), hit);
  const [, id] = await rig.call("cacheList", "n", null, "", 0, 0);
  assert.equal(await rig.call("cacheRead", "n", "http://a/", id!), hit);
  rig.body = null;
  const error = ["error", "", false];
  assert.equal(await put("n", "http://a/e", "", 0, "", "", ...none, ...error), ["stored"]);
  assert.equal(await rig.call("cacheMatch", "n", "http://a/e", ""), [true, 0, "", "", ...none, ...error]);
  for (const args of [
    [null, "http://a/", "", 0, "", "", ...none, ...error],
    [null, "http://a/", "", 200, "", "", ...none, ...from],
    ["n", "http://a/", "", 0, "", "", ...none],
    ["n", "http://a/", "", 0, "", "", ...none, ...from],
    ["n", "http://a/", "", 200, "", "", ...none, ...error],
    ["n", "http://a/", "", 0, "", "a\nb", ...none, ...error],
    ["n", "http://a/", "", 200, "", "", ...none, "default", "", false],
    ["n", "http://a/", "", 200, "", "", ...none, "basic", 5, false],
    ["n", "http://a/", "", 200, "", "", ...none, "basic", "x".repeat(16_385), false],
    ["n", "http://a/", "", 200, "", "", ...none, "basic", "", 1],
  ] as Flat[][])
    assert.is(await fails(put(...args)), "TypeError: Cache: malformed call", JSON.stringify(args));
  rig.body = "text";
  assert.is(
    await fails(put("n", "http://a/", "", 0, "", "", BodyKind.text, 0, ...error)),
    "TypeError: Cache: malformed call",
    "an error has no body",
  );
});

test("delete looks at Vary in a cache with a name, unless it is told not to", async () => {
  const rig = new Rig();
  const varied = `${HEADERS}\nvary\nx-a`;
  for (const name of [null, "n"]) {
    rig.body = "text";
    await rig.call("cachePut", name, "http://a/", "x-a\n1", 200, "", varied, BodyKind.text, 0);
  }
  assert.equal(await rig.call("cacheDelete", null, "http://a/", "x-a\n2"), [true]);
  assert.equal(await rig.call("cacheDelete", "n", "http://a/", "x-a\n2"), [false]);
  assert.equal(await rig.call("cacheDelete", "n", "http://a/", "x-a\n2", 2), [true]);
});

test("malformed questions about lists are refused", async () => {
  const rig = new Rig();
  for (const [op, ...args] of [
    ["cacheList", "n", 5, "", 0, 0],
    ["cacheList", "n", null, null, 0, 0],
    ["cacheList", 5, null, "", 0, 0],
    ["cacheList", "n", null, "", -1, 0],
    ["cacheList", "n", null, "", 0, 0.5],
    ["cacheList", "n", null, "", 0],
    ["cacheRead", "n", "http://a/", "1"],
    ["cacheRead", "n", null, 1],
    ["cacheMatch", "n", "http://a/", "", "1"],
    ["cacheNames", 1],
    ["cacheHas", null],
    ["cacheDrop"],
  ] as [string, ...Flat[]][])
    assert.is(
      await fails(rig.call(op, ...args)),
      "TypeError: Cache: malformed call",
      `${op} ${String(args)}`,
    );
  assert.is(await fails(rig.call("cacheDrop", "x".repeat(1024))), "TypeError: Cache name is too long.");
});

test("a hit that nobody reads is let go: by its stream's end, or because its event is over", async () => {
  const rig = new Rig();
  await rig.put("http://a/", new Uint8Array(100_000));
  await rig.call("cacheMatch", null, "http://a/", "if-none-match\n*");
  assert.is(rig.held, 0);
  await rig.call("cacheMatch", null, "http://a/", "");
  await rig.opened[0]!.cancel();
  assert.is(rig.held, 0);
  const late = rig.call("cacheMatch", null, "http://a/", "");
  rig.abort.abort(new Error("over"));
  assert.match(await fails(late), "over");
  assert.equal([rig.held, rig.opened.length], [0, 1]);
});

test("malformed calls are refused, and their streams are told", async () => {
  const rig = new Rig();
  for (const args of [[], [1, "http://a/", ""], [null, 7, ""], [null, "http://a/", null]] as Flat[][]) {
    assert.is(await fails(rig.call("cacheMatch", ...args)), "TypeError: Cache: malformed call");
    assert.is(await fails(rig.call("cacheDelete", ...args)), "TypeError: Cache: malformed call");
  }
  for (const args of [
    [null, "http://a/", "", "200", "OK", HEADERS],
    [null, "http://a/", "", 200, null, HEADERS],
    [null, "http://a/", "", 200, "OK", 5],
    [null, "http://a/", "", 2.5, "OK", HEADERS],
    [null, "http://a/", "", 101, "OK", HEADERS],
    [null, "http://a/", "", 200, "two\nlines", HEADERS],
    [5, "http://a/", "", 200, "OK", HEADERS],
  ] as Flat[][]) {
    let canceled = false;
    rig.body = new ReadableStream({ cancel: () => void (canceled = true) });
    assert.is(
      await fails(rig.call("cachePut", ...args, BodyKind.stream, 1)),
      "TypeError: Cache: malformed call",
    );
    assert.ok(canceled, JSON.stringify(args));
  }
});

test("a body that breaks off is the worker's error, in words that name it", async () => {
  const rig = new Rig();
  const broken = new ReadableStream<Uint8Array>({
    pull() {
      throw new Error("the origin closed the connection");
    },
  });
  assert.is(
    await fails(rig.put("http://a/", broken)),
    "Error: Unable to store response: its body could not be read to its end. the origin closed the connection",
  );
});

test.run();
