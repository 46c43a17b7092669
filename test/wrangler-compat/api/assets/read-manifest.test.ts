import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture } from "../api-fixture.ts";

const A = "/accounts/acme/workers";
const SESSION = `${A}/scripts/site/assets-upload-session`;
const MOST = 100_000;
const HASH = "1".repeat(32);

/** A list of so many files, with one content or with one each. */
function manifest(count: number, hashOf: (n: number) => string = () => HASH): object {
  const paths = Array.from({ length: count }, (_, n) => [`/pages/${n}.html`, { hash: hashOf(n), size: 5 }]);
  return { manifest: Object.fromEntries(paths) as object };
}

test("an account that may have 100,000 files deploys as many, and is refused one more", async () => {
  const accounts = { acme: { assets: { versionFiles: MOST } } };
  await using api = await ApiFixture.listen({ hostOptions: { accounts } });
  const refused = await api.ask("POST", SESSION, manifest(MOST + 1));
  assert.equal([refused.status, refused.errors[0]?.code], [400, 10304]);
  assert.match(refused.errors[0]!.message, /at most 100000/);
  assert.is(await api.host.control.assets.usedBytes("acme"), 0);

  const each = await api.ask(
    "POST",
    SESSION,
    manifest(MOST, (n) => n.toString(16).padStart(32, "0")),
  );
  const buckets = each.result.buckets as string[][];
  assert.is(new Set(buckets.flat()).size, MOST);
  assert.ok(buckets.every(({ length }) => length <= 500));

  const { status, result, errors } = await api.ask("POST", SESSION, manifest(MOST));
  assert.is(status, 200, JSON.stringify(errors));
  assert.equal(result.buckets, [[HASH]]);
  const content = new FormData();
  content.append(HASH, new File([Buffer.from("hello").toString("base64")], HASH, { type: "text/html" }));
  const sent = await api.ask("POST", `${A}/assets/upload?base64=true`, content, result.jwt);
  assert.is(sent.status, 200, JSON.stringify(sent.errors));
  const form = new FormData();
  const metadata = { compatibility_date: "2026-07-01", assets: { jwt: sent.result.jwt, config: {} } };
  form.set("metadata", JSON.stringify(metadata));
  const put = await api.ask("PUT", `${A}/scripts/site`, form);
  assert.is(put.status, 200, JSON.stringify(put.errors));
  assert.is(api.host.control.versions("site", "acme")[0]!.assets?.fileCount, MOST);
  await api.ask("POST", `${A}/scripts/site/subdomain`, { enabled: true });
  const page = await api.host.fetch(`http://site.acme.localhost/pages/${MOST - 1}`);
  assert.equal([page.status, await page.text()], [200, "hello"]);
  assert.is((await api.host.fetch(`http://site.acme.localhost/pages/${MOST}`)).status, 404);

  const other = api.tokenFor("other");
  const others = await api.ask("POST", SESSION.replace("acme", "other"), manifest(MOST), other);
  assert.equal([others.status, others.errors[0]?.code], [400, 10304]);
  assert.match(others.errors[0]!.message, /at most 20000/);
});

test.run();
