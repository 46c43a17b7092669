import { test } from "uvu";
import * as assert from "uvu/assert";
import { Blob } from "../../../runtime-api/blob/blob.ts";
import { fetch } from "../../../runtime-api/fetch/fetch.ts";
import "../../../runtime-api/form-data/forms.ts";
import { URL } from "../../../runtime-api/url/url.ts";
import { rejection, standInHost } from "../fetch/stand-in-host.ts";
import { ofKind } from "../../of-kind.ts";

standInHost();

test("fetch finds a blob by its object URL until that is revoked", async () => {
  const url = URL.createObjectURL(new Blob(["abc"], { type: "x/y" }));
  assert.match(url, /^blob:null\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const response = await fetch(`${url}#part`);
  assert.equal([response.status, response.statusText, response.type], [200, "OK", "basic"]);
  assert.equal(
    [...response.headers],
    [
      ["content-length", "3"],
      ["content-type", "x/y"],
    ],
  );
  assert.is(await response.text(), "abc");
  (await (await fetch(url)).bytes()).fill(0);
  assert.is(await (await fetch(url)).text(), "abc");
  URL.revokeObjectURL(url);
  assert.instance(await rejection(fetch(url)), TypeError);
});

test("object URLs are of blobs only, for GET only", async () => {
  for (const value of [undefined, null, "text", {}, Object.create(Blob.prototype)])
    assert.throws(() => URL.createObjectURL(value as object), ofKind(TypeError));
  assert.throws(() => (URL.createObjectURL as unknown as () => void)(), ofKind(TypeError));
  const url = URL.createObjectURL(new Blob());
  for (const method of ["HEAD", "POST"]) assert.instance(await rejection(fetch(url, { method })), TypeError);
  URL.revokeObjectURL("nonsense");
  assert.instance(await rejection(fetch("blob:nonsense")), TypeError);
});

test.run();
