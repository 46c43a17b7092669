import { test } from "uvu";
import * as assert from "uvu/assert";
import { Blob } from "../../../runtime-api/blob/blob.ts";
import { File } from "../../../runtime-api/blob/file.ts";
import { inspect } from "../../../runtime-api/console/inspect.ts";
import "../../../runtime-api/fetch/describe.ts";
import { Headers } from "../../../runtime-api/fetch/headers.ts";
import { Request } from "../../../runtime-api/fetch/request.ts";
import { Response } from "../../../runtime-api/fetch/response.ts";
import { FormData } from "../../../runtime-api/form-data/form-data.ts";
import { standInIo } from "../stand-in-io.ts";

/** What the console shows, on one line. */
function shown(value: unknown): string {
  return inspect(value).replaceAll(/\s+/g, " ");
}

test("inspect() shows headers, requests and responses, and leaves their bodies alone", async () => {
  standInIo();
  const headers = new Headers([
    ["X-B", "2"],
    ["a", "1"],
    ["set-cookie", "c=1"],
    ["set-cookie", "d=2"],
  ]);
  assert.is(shown(headers), 'Headers { a: "1", "set-cookie": ["c=1", "d=2"], "x-b": "2" }');
  const request = new Request("https://a.example/p", { method: "POST", body: "text", headers: { a: "1" } });
  assert.is(
    shown(request),
    'Request { method: "POST", url: "https://a.example/p", headers: Headers { a: "1", "content-type": "text/plain;charset=UTF-8" }, redirect: "follow", bodyUsed: false }',
  );
  assert.is(await request.text(), "text");
  const response = new Response("body", { status: 404, statusText: "Gone fishing" });
  assert.match(
    shown(response),
    'Response { status: 404, statusText: "Gone fishing", headers: Headers { "content-type"',
  );
  assert.is(await response.text(), "body");
  assert.match(
    shown(new (class Mine extends Response {})()),
    'Mine { status: 200, statusText: "", headers: Headers {}, ok: true',
  );
});

test("inspect() shows blobs, files and forms", () => {
  standInIo();
  assert.is(shown(new Blob(["abc"], { type: "text/plain" })), 'Blob { size: 3, type: "text/plain" }');
  const file = new File(["abc"], "a.txt", { lastModified: 5 });
  assert.is(shown(file), 'File { name: "a.txt", size: 3, type: "", lastModified: 5 }');
  const form = new FormData();
  form.append("one", "1");
  form.append("more", "2");
  form.append("more", file);
  form.append("__proto__", "p");
  assert.is(
    shown(form),
    'FormData { one: "1", more: ["2", File { name: "a.txt", size: 3, type: "", lastModified: 5 }], __proto__: "p" }',
  );
});

test("inspect() shows an object that only has the prototype without running anything of it", () => {
  standInIo();
  for (const { prototype } of [Headers, Request, Response, Blob, File, FormData]) {
    assert.is(inspect(Object.create(prototype)), "[object that cannot be inspected]");
  }
});

test.run();
