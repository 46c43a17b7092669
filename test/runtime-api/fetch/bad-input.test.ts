import { test } from "uvu";
import * as assert from "uvu/assert";
import { setBodyCap } from "../../../runtime-api/fetch/internal.ts";
import { Headers } from "../../../runtime-api/fetch/headers.ts";
import { Request } from "../../../runtime-api/fetch/request.ts";
import { Response } from "../../../runtime-api/fetch/response.ts";
import "../../../runtime-api/form-data/forms.ts";
import { ReadableStream } from "../../../runtime-api/streams/stream-classes.ts";
import { rejection, standInHost } from "./stand-in-host.ts";
import { ofKind } from "../../of-kind.ts";

standInHost();

function endless(state: { cancelled?: unknown }, chunk = new Uint8Array(1_000)): string {
  return new ReadableStream({
    pull: (controller) => controller.enqueue(chunk.slice()),
    cancel: (reason) => void (state.cancelled = reason),
  }) as unknown as string;
}

const READERS = ["text", "json", "bytes", "arrayBuffer", "blob", "formData"] as const;

test("a body that never ends fails at the cap, however it is read, and its stream is cancelled", async () => {
  setBodyCap(100_000);
  try {
    for (const read of READERS) {
      const state: { cancelled?: unknown } = {};
      const error = await rejection(new Response(endless(state))[read]());
      assert.instance(error, RangeError, read);
      assert.is(state.cancelled, error, read);
    }
    const response = new Response(endless({}));
    const copy = response.clone();
    const errors = await Promise.all([rejection(response.text()), rejection(copy.text())]);
    for (const error of errors) assert.instance(error, RangeError);
  } finally {
    setBodyCap(100 * 1024 * 1024);
  }
});

test("a body that was used, is locked or failed is refused by all that would use it", async () => {
  const used = new Response("x");
  await used.text();
  const locked = new Response("x");
  locked.body!.getReader();
  const lockedRequest = new Request("http://a/", { method: "POST", body: "x" });
  lockedRequest.body!.getReader();
  for (const read of READERS) {
    assert.instance(await rejection(used[read]()), TypeError, read);
    assert.instance(await rejection(locked[read]()), TypeError, read);
    assert.instance(await rejection(lockedRequest[read]()), TypeError, read);
  }
  for (const use of [
    () => used.clone(),
    () => locked.clone(),
    () => new Response(locked.body as unknown as string),
    () => lockedRequest.clone(),
    () => new Request(lockedRequest),
    () => new Request("http://a/", { method: "POST", body: locked.body as unknown as string }),
  ]) {
    assert.throws(use, ofKind(TypeError));
  }
});

test("Response.json refuses what has no JSON, and passes on what its conversion throws", () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  for (const value of [cyclic, 1n, undefined, () => {}, Symbol("x")])
    assert.throws(() => Response.json(value), ofKind(TypeError));
  const thrown = {
    toJSON: () => {
      throw new RangeError("mine");
    },
  };
  assert.throws(
    () => Response.json(thrown),
    (error: Error) => error.message === "mine",
  );
});

test("a detached buffer is an empty body, and a body is a copy of its buffer", async () => {
  const buffer = new Uint8Array([120, 121]);
  const response = new Response(buffer);
  const gone = new Uint8Array([1]);
  structuredClone(buffer.buffer, { transfer: [buffer.buffer, gone.buffer] });
  assert.is(await response.text(), "xy");
  assert.is(await new Response(gone).text(), "");
  assert.is(await new Response(gone.buffer).text(), "");
});

test("headers refuse line ends and wide characters in long values, and take many of them", () => {
  const long = "a".repeat(1_000_000);
  for (const bad of ["\n", "\r", "\0", "\u0100"])
    assert.throws(() => new Headers({ x: `${long}${bad}${long}` }), ofKind(TypeError));
  assert.is(new Headers({ x: `${" \t\r\n".repeat(250_000)}a${" \t\r\n".repeat(250_000)}` }).get("x"), "a");
  const many = new Headers();
  for (let i = 0; i < 2_000; i++) many.append(`x${i % 1_000}`, "v");
  assert.is([...many].length, 1_000);
  assert.is(many.get("x7"), "v, v");
  assert.throws(() => new Headers({ ["x".repeat(100_000) + " "]: "v" }), ofKind(TypeError));
});

test("formData refuses bodies of another type, without a boundary, and broken ones", async () => {
  const cases: [body: string, type: string | undefined][] = [
    ["a=1", undefined],
    ["a=1", "text/plain"],
    ["--x\r\n", "multipart/form-data"],
    ["--x", "multipart/form-data; boundary=x"],
    ["--x\r\n\r\n", "multipart/form-data; boundary=x"],
    ['--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv', "multipart/form-data; boundary=x"],
    ["--x\r\nContent-Disposition: attachment\r\n\r\nv\r\n--x--", "multipart/form-data; boundary=x"],
    ["", "multipart/form-data; boundary=x"],
  ];
  for (const [body, type] of cases) {
    const response = new Response(new TextEncoder().encode(body), {
      headers: type === undefined ? {} : { "content-type": type },
    });
    assert.instance(await rejection(response.formData()), TypeError, `${type}: ${body}`);
  }
});

test.run();
