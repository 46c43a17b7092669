import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, uploadForm } from "./api-fixture.ts";

const A = "/accounts/acme";
const SCRIPT = `${A}/workers/scripts/shop`;
const CODE = `export default { fetch: (request, env) => new Response(JSON.stringify(env)) }`;

async function envOf({ host }: ApiFixture): Promise<unknown> {
  return await (await host.fetch("http://shop.acme.localhost/")).json();
}

test("cloudflareApi says that a worker is missing in the numbers that wrangler takes for a first deploy", async () => {
  await using api = await ApiFixture.make();
  const asked = [
    [`${A}/workers/services/shop`, 10090],
    [`${SCRIPT}/deployments`, 10007],
    [`${SCRIPT}/settings`, 10007],
    [`${SCRIPT}/secrets`, 10007],
    [`${A}/workers/workers/shop`, 10007],
    [`${A}/workflows/wf`, 10200],
    [`${A}/d1/database/x`, 7404],
    [`${A}/nothing`, 7003],
  ] as const;
  for (const [path, code] of asked) {
    const answer = await api.ask("GET", path);
    assert.equal([path, answer.status, answer.success, answer.errors[0]?.code], [path, 404, false, code]);
  }
});

test("cloudflareApi says where versions are previewed, and previews end with previews_enabled", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm("export default { fetch: () => new Response('one') }"));
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  const annotations = { "workers/alias": "My-Branch" };
  const code = "export default { fetch: () => new Response('two') }";
  const { result: version } = await api.ask("POST", `${SCRIPT}/versions`, uploadForm(code, { annotations }));
  assert.is(version.metadata.has_preview, true);
  const { subdomain } = (await api.ask("GET", `${A}/workers/workers/shop`)).result;
  assert.is(subdomain.preview_url_suffix, "-shop.acme.localhost:8787");
  const ask = async (label: string): Promise<string> => {
    const response = await api.host.fetch(`http://${label}${subdomain.preview_url_suffix}/`);
    return response.status === 200 ? await response.text() : String(response.status);
  };
  const short = version.id.slice(0, 8);
  assert.equal([await ask(short), await ask("my-branch"), await ask("00000000")], ["two", "two", "404"]);
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true, previews_enabled: false });
  assert.is(await ask(short), "404");
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: false, previews_enabled: true });
  assert.is(await ask(short), "two");
  assert.is((await api.host.fetch("http://shop.acme.localhost/")).status, 404);
  const bad = uploadForm(code, { annotations: { "workers/alias": "a b" } });
  assert.match((await api.ask("POST", `${SCRIPT}/versions`, bad)).errors[0]!.message, "alias");
});

test("cloudflareApi deploys at once, and later as a version that is then given traffic", async () => {
  await using api = await ApiFixture.make();
  const vars = [
    { name: "A", type: "plain_text", text: "b" },
    { name: "J", type: "json", json: { x: 1 } },
  ];
  const put = await api.ask("PUT", `${SCRIPT}?excludeScript=true`, uploadForm(CODE, { bindings: vars }));
  assert.is(put.status, 200, JSON.stringify(put.errors));
  assert.match(put.result.deployment_id, /^[0-9a-f]{32}$/);
  assert.is((await api.host.fetch("http://shop.acme.localhost/")).status, 404);
  assert.equal((await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true })).result, {
    enabled: true,
    previews_enabled: true,
  });
  assert.equal(await envOf(api), { A: "b", J: { x: 1 } });
  assert.equal((await api.ask("GET", `${SCRIPT}/settings`)).result.bindings, vars);

  const bindings = [
    { name: "A", type: "plain_text", text: "c" },
    { name: "J", type: "inherit" },
  ];
  const annotations = { "workers/message": "second" };
  const version = await api.ask("POST", `${SCRIPT}/versions`, uploadForm(CODE, { bindings, annotations }));
  assert.is(version.result.number, 2);
  assert.equal(await envOf(api), { A: "b", J: { x: 1 } });
  const shares = {
    strategy: "percentage",
    versions: [{ version_id: version.result.id, percentage: 100 }],
    annotations,
  };
  assert.is((await api.ask("POST", `${SCRIPT}/deployments`, shares)).status, 200);
  assert.equal(await envOf(api), { A: "c", J: { x: 1 } });
  const { deployments } = (await api.ask("GET", `${SCRIPT}/deployments`)).result;
  assert.is(deployments[0].annotations["workers/message"], "second");
  assert.is(deployments.length, 2);
  const { items } = (await api.ask("GET", `${SCRIPT}/versions?deployable=true`)).result;
  assert.equal(
    items.map(({ number }: { number: number }) => number),
    [2, 1],
  );
  assert.is((await api.ask("DELETE", `${A}/workers/services/shop?force=true`)).status, 200);
  assert.is((await api.host.fetch("http://shop.acme.localhost/")).status, 404);
});

test("cloudflareApi keeps bindings that an upload asks to keep, and takes only what is there to inherit", async () => {
  await using api = await ApiFixture.make();
  const first = [
    { name: "A", type: "plain_text", text: "b" },
    { name: "J", type: "json", json: [1] },
  ];
  await api.ask("PUT", SCRIPT, uploadForm(CODE, { bindings: first }));
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  await api.ask("PUT", SCRIPT, uploadForm(CODE, { keep_bindings: ["json"] }));
  assert.equal(await envOf(api), { J: [1] });
  const missing = await api.ask(
    "PUT",
    SCRIPT,
    uploadForm(CODE, { bindings: [{ name: "Q", type: "inherit" }] }),
  );
  assert.equal([missing.status, missing.errors[0]?.code], [400, 10057]);
  assert.match(missing.errors[0]!.message, '"Q"');
  assert.equal(await envOf(api), { J: [1] });
});

test("cloudflareApi takes modules of every type, and scripts in service-worker format", async () => {
  await using api = await ApiFixture.make();
  const form = uploadForm(
    `import text from "./a.txt"; import data from "./b.bin"; import cjs from "./lib/c.cjs"; import json from "./d.json";
     export default { fetch: () => Response.json([text, new Uint8Array(data)[1], cjs.value, json.x]) }`,
  );
  const add = (name: string, content: string | Uint8Array<ArrayBuffer>, type: string): void =>
    form.set(name, new File([content], name, { type }));
  add("./a.txt", "text", "text/plain");
  add("./b.bin", Uint8Array.of(1, 200), "application/octet-stream");
  add("lib/c.cjs", "module.exports = { value: 3 }", "application/javascript");
  add("d.json", `{"x":4}`, "application/json");
  assert.is((await api.ask("PUT", SCRIPT, form)).status, 200);
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  assert.equal(await envOf(api), ["text", 200, 3, 4]);

  const script = new FormData();
  script.set("metadata", JSON.stringify({ body_part: "i.js" }));
  const code = `addEventListener("fetch", (event) => event.respondWith(new Response('"old"')))`;
  script.set("i.js", new File([code], "i.js", { type: "application/javascript" }));
  assert.is((await api.ask("PUT", SCRIPT, script)).status, 200);
  assert.is(await envOf(api), "old");
});

test("cloudflareApi refuses what it cannot do in words that name it, and nothing is stored", async () => {
  await using api = await ApiFixture.make();
  const refused: readonly (readonly [FormData | string, RegExp])[] = [
    [uploadForm("syntax error here"), /index\.js:1/],
    [uploadForm(`throw new Error("not today")`), /not today/],
    [uploadForm(`import "node:fs"; export default {}`), /node:fs/],
    [uploadForm(CODE, { bindings: [{ name: "DB", type: "d1", id: "x" }] }), /"DB".*D1 databases/],
    [uploadForm(CODE, { bindings: [{ name: "X", type: "y" }, { type: "z" }] }), /bindings\[1\] needs/],
    [uploadForm(CODE, { bindings: [{ name: "X", type: "unheard_of" }] }), /unheard_of/],
    [uploadForm(CODE, { bindings: [{ name: "A", type: "plain_text" }] }), /"A".*lacks its value/],
    [uploadForm(CODE, { bindings: [{ name: "constructor", type: "plain_text", text: "x" }] }), /constructor/],
    [uploadForm(CODE, { bindings: "all" }), /metadata\.bindings must be a list/],
    [uploadForm(CODE, { assets: { jwt: "x" } }), /complete asset upload/],
    [uploadForm(CODE, { main_module: "other.js" }), /other\.js/],
    [uploadForm(CODE, { main_module: undefined }), /main_module/],
    [uploadForm(CODE, { compatibility_date: "soon" }), /compatibilityDate is "soon"/],
    [uploadForm(CODE, { compatibility_date: "2999-01-01" }), /in the future/],
    [uploadForm(CODE, { compatibility_flags: ["nodejs_compatt"] }), /"nodejs_compatt".*"nodejs_compat"/],
    ["not a form", /multipart/],
  ];
  for (const [body, expected] of refused) {
    const { status, errors } = await api.ask("PUT", SCRIPT, body);
    assert.is(status, 400, String(expected));
    assert.match(errors[0]!.message, expected);
  }
  const cut = await new Response(uploadForm(CODE)).bytes();
  const type = new Response(uploadForm(CODE)).headers.get("content-type")!;
  const half = await api.raw("PUT", SCRIPT, {
    body: cut.slice(0, cut.length / 2),
    headers: { "content-type": type },
  });
  assert.is(half.status, 400);
  for (const name of ["../x", "a b", "x".repeat(64), "%2e%2e"])
    assert.ok(
      (await api.ask("PUT", `${A}/workers/scripts/${encodeURIComponent(name)}`, uploadForm(CODE))).status >=
        400,
    );
  assert.equal(api.host.control.workers("acme"), []);
});

test("cloudflareApi opens to a token its own accounts and permissions, and shows no others", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  const evil = api.tokenFor("evil");
  const reader = api.tokenFor("acme", ["read"]);
  const matrix = [
    [null, "GET", "/user", 400, 9106],
    ["skerry_wrong", "GET", "/user", 401, 10000],
    [evil, "GET", `${SCRIPT}/settings`, 404, 7003],
    [evil, "DELETE", SCRIPT, 404, 7003],
    [evil, "GET", "/accounts/none/workers/scripts/shop/settings", 404, 7003],
    [reader, "DELETE", SCRIPT, 403, 9109],
    [reader, "POST", `${A}/storage/kv/namespaces`, 403, 9109],
  ] as const;
  for (const [token, method, path, status, code] of matrix) {
    const answer = await api.ask(method, path, method === "POST" ? {} : undefined, token);
    assert.equal([path, answer.status, answer.errors[0]?.code], [path, status, code]);
  }
  assert.is((await api.ask("GET", `${SCRIPT}/settings`, undefined, reader)).status, 200);
  const { result } = await api.ask("GET", "/accounts?page=1", undefined, evil);
  assert.equal(result, [{ id: "evil", name: "evil" }]);
  assert.ok(
    api.host.control.tokens
      .audit()
      .some(({ action, target }) => action === "deploy" && target.startsWith("shop ")),
  );
});

test("cloudflareApi slows down who tries tokens, and nobody else", async () => {
  await using api = await ApiFixture.make();
  const statuses: number[] = [];
  for (let n = 0; n < 30; n++)
    statuses.push((await api.ask("GET", "/user", undefined, `skerry_${n}`)).status);
  assert.is(statuses[0], 401);
  assert.is(statuses.at(-1), 429);
  assert.is((await api.ask("GET", "/user")).status, 200);
});

test("cloudflareApi ends lists for clients that turn pages until one is empty", async () => {
  await using api = await ApiFixture.make();
  for (const title of ["b", "a", "c"]) await api.ask("POST", `${A}/storage/kv/namespaces`, { title });
  const titles = async (query: string): Promise<string[]> =>
    (await api.ask("GET", `${A}/storage/kv/namespaces?${query}`)).result.map(
      ({ title }: { title: string }) => title,
    );
  assert.equal(await titles("per_page=2&order=title&direction=asc"), ["a", "b"]);
  assert.equal(await titles("per_page=2&page=2"), ["c"]);
  assert.equal(await titles("per_page=2&page=3"), []);
  assert.equal((await api.ask("GET", `${A}/queues?page=1`)).result, []);
});

test("cloudflareApi reads, writes, lists and deletes KV, one by one and in bulk", async () => {
  await using api = await ApiFixture.make();
  const { id } = (await api.ask("POST", `${A}/storage/kv/namespaces`, { title: "T" })).result;
  const space = `${A}/storage/kv/namespaces/${id}`;
  assert.is((await api.ask("POST", `${A}/storage/kv/namespaces`, { title: "T" })).errors[0]?.code, 10014);
  const key = encodeURIComponent("a/b c");
  const form = new FormData();
  form.set("value", "v1");
  form.set("metadata", `{"z":1}`);
  assert.is((await api.ask("PUT", `${space}/values/${key}?expiration_ttl=600`, form)).status, 200);
  assert.is(await (await api.raw("GET", `${space}/values/${key}`)).text(), "v1");
  const bytes = Uint8Array.of(0, 255, 7);
  await api.raw("PUT", `${space}/values/raw`, { body: bytes });
  assert.equal(await (await api.raw("GET", `${space}/values/raw`)).bytes(), bytes);
  const pairs = [
    { key: "b1", value: "x" },
    { key: "b2", value: "AP8=", base64: true, metadata: { m: 1 } },
  ];
  assert.is((await api.ask("PUT", `${space}/bulk`, pairs)).result.successful_key_count, 2);
  assert.equal((await api.ask("POST", `${space}/bulk/get`, { keys: ["b1", "no"] })).result, {
    values: { b1: "x", no: null },
  });
  const listed = await api.ask("GET", `${space}/keys?prefix=b`);
  assert.equal(listed.result, [{ name: "b1" }, { name: "b2", metadata: { m: 1 } }]);
  await api.ask("DELETE", `${space}/bulk`, ["b1"]);
  assert.is((await api.raw("GET", `${space}/values/b1`)).status, 404);
  assert.is((await api.ask("PUT", `${space}/values/${"k".repeat(600)}`, "x")).status, 400);
  assert.is((await api.ask("PUT", `${space}/values/a?expiration_ttl=5`, "x")).status, 400);
  assert.is((await api.ask("GET", `/accounts/acme/storage/kv/namespaces/other/keys`)).errors[0]?.code, 10013);
  assert.is((await api.ask("PUT", space, { title: "U" })).result.title, "U");
  assert.is((await api.ask("DELETE", space)).status, 200);
  assert.is((await api.raw("GET", `${space}/values/raw`)).status, 404);
});

test("cloudflareApi puts, lists and deletes secrets, keeps them over deploys, and shows no text", async () => {
  await using api = await ApiFixture.make();
  await api.ask(
    "PUT",
    SCRIPT,
    uploadForm(CODE, { bindings: [{ name: "UP", type: "secret_text", text: "uploaded" }] }),
  );
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  const put = await api.ask("PUT", `${SCRIPT}/secrets`, { name: "TOK", text: "s3cret", type: "secret_text" });
  assert.equal(put.result, { name: "TOK", type: "secret_text" });
  assert.equal(await envOf(api), { TOK: "s3cret", UP: "uploaded" });
  await api.ask("PUT", SCRIPT, uploadForm(CODE, { bindings: [{ name: "UP", type: "inherit" }] }));
  assert.equal(await envOf(api), { TOK: "s3cret", UP: "uploaded" });
  const bulk = { secrets: { A: { name: "A", text: "a", type: "secret_text" }, TOK: null } };
  assert.is((await api.ask("PATCH", `${SCRIPT}/secrets-bulk`, bulk)).status, 200);
  assert.equal(await envOf(api), { A: "a", UP: "uploaded" });
  const listed = await api.raw("GET", `${SCRIPT}/secrets`);
  assert.equal(((await listed.clone().json()) as { result: unknown }).result, [
    { name: "A", type: "secret_text" },
    { name: "UP", type: "secret_text" },
  ]);
  const settings = await (await api.raw("GET", `${SCRIPT}/settings`)).text();
  const versions = await (await api.raw("GET", `${SCRIPT}/versions`)).text();
  for (const text of [await listed.text(), settings, versions]) assert.not.match(text, /s3cret|uploaded/);
  assert.is((await api.ask("DELETE", `${SCRIPT}/secrets/A?url_encoded=true`)).status, 200);
  assert.is((await api.ask("DELETE", `${SCRIPT}/secrets/A`)).errors[0]?.code, 10056);
  assert.equal(await envOf(api), { UP: "uploaded" });
  const wrong = await api.ask("PUT", `${SCRIPT}/secrets`, { name: "a b", text: "never shown" });
  assert.is(wrong.status, 400);
  assert.not.match(JSON.stringify(wrong), "never shown");
  const deployer = api.tokenFor("acme", ["deploy", "read"]);
  assert.is((await api.ask("PUT", `${SCRIPT}/secrets`, { name: "B", text: "b" }, deployer)).status, 403);
});

test("cloudflareApi makes tails that nobody can guess, for tokens that may, and reads their filters", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  const made = await api.ask("POST", `${SCRIPT}/tails`, {
    filters: [{ sampling_rate: 1 }, { outcome: ["ok"] }],
  });
  assert.match(made.result.url, /^ws:\/\/api\.test\/tails\/[\w-]{32}$/);
  assert.is(
    (await api.ask("DELETE", `${SCRIPT}/tails/${made.result.id}`, undefined, api.tokenFor("evil"))).status,
    404,
  );
  assert.is((await api.ask("DELETE", `${SCRIPT}/tails/${made.result.id}`)).status, 200);
  assert.is((await api.ask("DELETE", `${SCRIPT}/tails/${made.result.id}`)).status, 404);
  for (const filter of [
    { sampling_rate: 2 },
    { outcome: "ok" },
    { nothing: 1 },
    { header: { key: 1 } },
    { client_ip: "self" },
  ])
    assert.is(
      (await api.ask("POST", `${SCRIPT}/tails`, { filters: [filter] })).status,
      400,
      JSON.stringify(filter),
    );
  const reader = api.tokenFor("acme", ["read"]);
  assert.is((await api.ask("POST", `${SCRIPT}/tails`, {}, reader)).status, 403);
  for (let n = 0; n < 10; n++) assert.is((await api.ask("POST", `${SCRIPT}/tails`, {})).status, 200);
  assert.is((await api.ask("POST", `${SCRIPT}/tails`, {})).status, 429);
});

test("cloudflareApi sets routes and domains, and refuses those of others", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  await api.ask("PUT", `${A}/workers/scripts/other`, uploadForm(CODE));
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  assert.equal((await api.ask("PUT", `${SCRIPT}/routes`, [{ pattern: "shop.test/*" }])).result, [
    "shop.test/*",
  ]);
  await api.ask("PUT", `${SCRIPT}/domains/records`, { origins: [{ hostname: "www.shop.test" }] });
  for (const url of ["http://shop.test/", "http://www.shop.test/", "http://shop.acme.localhost/"])
    assert.is((await api.host.fetch(url)).status, 200, url);
  const taken = await api.ask("PUT", `${A}/workers/scripts/other/routes`, [{ pattern: "shop.test/*" }]);
  assert.equal([taken.status, taken.errors[0]?.code], [409, 10020]);
  await api.ask("PUT", `${SCRIPT}/routes`, []);
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: false });
  assert.is((await api.host.fetch("http://shop.test/")).status, 404);
  assert.is((await api.host.fetch("http://shop.acme.localhost/")).status, 404);
  assert.is((await api.host.fetch("http://www.shop.test/")).status, 200);
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  assert.is((await api.host.fetch("http://www.shop.test/")).status, 200);
  const crons = [{ cron: "*/5 * * * *" }];
  assert.equal((await api.ask("PUT", `${SCRIPT}/schedules`, crons)).result, { schedules: crons });
  const bad = await api.ask("PUT", `${SCRIPT}/schedules`, [{ cron: "61 * * * *" }]);
  assert.is(bad.status, 400);
  assert.match(bad.errors[0]!.message, /61 \* \* \* \*/);
  assert.equal((await api.ask("GET", `${SCRIPT}/schedules`)).result, { schedules: crons });
});

test.run();
