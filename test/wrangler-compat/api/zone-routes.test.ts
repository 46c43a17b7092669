import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, uploadForm } from "./api-fixture.ts";

const SCRIPT = "/accounts/acme/workers/scripts/shop";
const CODE = "export default { fetch: () => new Response('hi') }";

test("cloudflareApi finds a zone for any domain, and in it the account's routes, as wrangler looks for them", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  await api.ask("PUT", `${SCRIPT}/routes`, [{ pattern: "example.com/*" }]);
  const zones = await api.ask("GET", "/zones?name=example.com&account.id=acme");
  const [{ id, name }] = zones.result;
  assert.is(name, "example.com");
  const route = { id: "example.com/*", pattern: "example.com/*", script: "shop" };
  assert.equal((await api.ask("GET", `/zones/${id}/workers/routes`)).result, [route]);
  // A zone that a configuration names by Cloudflare's id.
  assert.equal((await api.ask("GET", `/zones/${"0".repeat(32)}/workers/routes`)).result, []);
  for (const query of [
    "",
    "?name=example.com",
    "?name=a%20b.com&account.id=acme",
    "?name=com&account.id=acme",
  ])
    assert.equal((await api.ask("GET", `/zones${query}`)).result, [], query);
});

test("zones of another account look as if it were not there", async () => {
  await using api = await ApiFixture.make();
  await api.host.deploy({
    account: "other",
    name: "theirs",
    main: "i.js",
    modules: [{ name: "i.js", type: "esm", content: CODE }],
  });
  for (const path of [
    "/zones?name=example.com&account.id=other",
    "/zones/other:example.com/workers/routes",
  ]) {
    const { status, result } = await api.ask("GET", path);
    assert.equal([path, status, result], [path, 404, null]);
  }
});

test.run();
