import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, uploadForm } from "./api-fixture.ts";

const SCRIPT = "/accounts/acme/workers/scripts/shop";
const LATEST = "/accounts/acme/workers/workers/shop/versions/latest";

const answering = (text: string): string => `export default { fetch: () => new Response("${text}") }`;

test("cloudflareApi shares traffic between two versions, and lists both with their percentages", async () => {
  await using api = await ApiFixture.listen();
  await api.ask("PUT", SCRIPT, uploadForm(answering("one")));
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  const [one] = api.host.control.versions("shop", "acme");
  const two = (await api.ask("POST", `${SCRIPT}/versions`, uploadForm(answering("two")))).result;
  const versions = [
    { version_id: one!.id, percentage: 75 },
    { version_id: two.id, percentage: 25 },
  ];
  const made = await api.ask("POST", `${SCRIPT}/deployments`, { strategy: "percentage", versions });
  assert.equal([made.status, made.result.versions], [200, versions]);
  const { deployments } = (await api.ask("GET", `${SCRIPT}/deployments`)).result;
  assert.equal(deployments[0].versions, versions);
  const counts = { one: 0, two: 0 };
  for (let n = 0; n < 200; n++) {
    const headers = { "cloudflare-workers-version-key": `user ${n}` };
    const response = await api.host.fetch("http://shop.acme.localhost/", { headers });
    counts[(await response.text()) as "one" | "two"]++;
  }
  // 50 are expected; keys are shared by digest, so that this comes out the same each time for the same ids.
  assert.ok(counts.two > 10 && counts.one > counts.two, JSON.stringify(counts));
});

test("cloudflareApi gives versions and deployments page by page", async () => {
  await using api = await ApiFixture.listen();
  for (let n = 0; n < 5; n++) await api.ask("PUT", SCRIPT, uploadForm(answering(String(n))));
  for (const [list, field] of [
    ["versions", "items"],
    ["deployments", "deployments"],
  ] as const) {
    const all = (await api.ask("GET", `${SCRIPT}/${list}`)).result[field] as { id: string }[];
    assert.is(all.length, 5);
    const seen: { id: string }[] = [];
    for (let page = 1; ; page++) {
      const { result, result_info } = await api.ask("GET", `${SCRIPT}/${list}?page=${page}&per_page=2`);
      assert.equal(Object.keys(result), [field]);
      const shown = result[field] as { id: string }[];
      assert.equal(result_info, {
        page,
        per_page: 2,
        count: shown.length,
        total_count: 5,
        total_pages: 3,
      });
      if (shown.length === 0) break;
      seen.push(...shown);
    }
    assert.equal(seen, all);
  }
});

test("cloudflareApi shows a version's own handlers and limits, and previews where the worker has them", async () => {
  await using api = await ApiFixture.listen();
  const code = "export default { scheduled() {}, async tail() {} }";
  const limits = { cpu_ms: 20, subrequests: 7 };
  const put = await api.ask("PUT", SCRIPT, uploadForm(code, { limits }));
  assert.equal(put.result.handlers, ["scheduled", "tail"]);
  const shown = async (id: string): Promise<unknown[]> => {
    const { metadata, resources } = (await api.ask("GET", `${SCRIPT}/versions/${id}`)).result;
    return [metadata.has_preview, resources.script.handlers, resources.script_runtime.limits];
  };
  const [first] = api.host.control.versions("shop", "acme");
  assert.equal(await shown(first!.id), [false, ["scheduled", "tail"], limits]);
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  assert.equal(await shown(first!.id), [true, ["scheduled", "tail"], limits]);

  const secret = { env: { A: { type: "secret_text", text: "a" } } };
  const aside = (await api.ask("PATCH", LATEST, secret)).result;
  assert.equal(await shown(aside.id), [true, ["scheduled", "tail"], limits]);
  const { items } = (await api.ask("GET", `${SCRIPT}/versions`)).result;
  assert.equal(items[0], (await api.ask("GET", `${SCRIPT}/versions/${aside.id}`)).result);

  const second = (await api.ask("POST", `${SCRIPT}/versions`, uploadForm(answering("two")))).result;
  assert.equal(await shown(second.id), [true, ["fetch"], {}]);
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true, previews_enabled: false });
  assert.equal(await shown(second.id), [false, ["fetch"], {}]);
});

test("cloudflareApi tells who made versions and deployments, with what and by what", async () => {
  await using api = await ApiFixture.listen();
  const wrangler = { "user-agent": "wrangler/4.164.0" };
  const { token } = api.host.control.tokens.create({ name: "ci", accounts: ["acme"] });
  const told = async (list: "versions" | "deployments"): Promise<unknown[]> => {
    const [newest] = (await api.ask("GET", `${SCRIPT}/${list}`)).result[list === "versions" ? "items" : list];
    const { source, author_email } = newest.metadata ?? newest;
    return [source, author_email, newest.annotations];
  };
  const triggered = (by: string): object => ({ "workers/triggered_by": by });
  const upload = { "workers/message": "m1", ...triggered("dream") };
  const body = uploadForm(answering("one"), { annotations: upload });
  assert.is((await api.raw("PUT", SCRIPT, { body, headers: wrangler }, token)).status, 200);
  const first = ["wrangler", "ci", { "workers/message": "m1", ...triggered("upload") }];
  assert.equal([await told("versions"), await told("deployments")], [first, first]);

  const secret = JSON.stringify({ name: "KEY", text: "x", type: "secret_text" });
  await api.raw("PUT", `${SCRIPT}/secrets`, { body: secret, headers: wrangler }, token);
  const second = ["wrangler", "ci", triggered("secret")];
  assert.equal([await told("versions"), await told("deployments")], [second, second]);
  await api.raw("DELETE", `${SCRIPT}/secrets/KEY`, {}, token);
  assert.equal(await told("versions"), ["api", "ci", triggered("secret")]);
  const bulk = JSON.stringify({ secrets: { A: { name: "A", text: "a", type: "secret_text" } } });
  await api.raw("PATCH", `${SCRIPT}/secrets-bulk`, { body: bulk, headers: wrangler }, token);
  assert.equal(await told("versions"), second);

  const { id } = (await api.ask("POST", `${SCRIPT}/versions`, uploadForm(answering("two")), token)).result;
  assert.equal(await told("versions"), ["api", "ci", triggered("version_upload")]);
  assert.equal(await told("deployments"), second);
  const versions = [{ version_id: id, percentage: 100 }];
  await api.ask(
    "POST",
    `${SCRIPT}/deployments`,
    { versions, annotations: { "workers/message": "m2" } },
    token,
  );
  assert.equal(await told("deployments"), ["api", "ci", { "workers/message": "m2" }]);

  const modules = [{ name: "index.js", type: "esm" as const, content: answering("three") }];
  await api.host.deploy({ account: "acme", name: "shop", main: "index.js", modules });
  assert.equal(
    [await told("versions"), await told("deployments")],
    [
      ["api", "", {}],
      ["api", "", {}],
    ],
  );
});

test.run();
