import { test } from "uvu";
import * as assert from "uvu/assert";
import { apiRoutes } from "../../../wrangler-compat/api/cloudflare-api.ts";
import { ApiFixture, uploadForm } from "./api-fixture.ts";

const BASE = "/client/v4";
const A = "/accounts/:account";
const SCRIPT = `${A}/workers/scripts/:name`;
const KV = `${A}/storage/kv/namespaces`;
const CODE = "export default { fetch() {} }";

interface Step {
  readonly route: string;
  /** What stands for `:namespace` and the like is filled in. */
  readonly at?: string;
  readonly body?: () => unknown;
  readonly noted: string;
}

/** All that changes something, in an order in which it goes through, and what is noted of it. */
const STEPS: readonly Step[] = [
  { route: `POST ${KV}`, body: () => ({ title: "t" }), noted: "kv-create NAMESPACE" },
  { route: `PUT ${KV}/:namespace`, body: () => ({ title: "u" }), noted: "kv-rename NAMESPACE" },
  { route: `PUT ${KV}/:namespace/values/:key`, body: () => "v", noted: "kv-key-put NAMESPACE a/b" },
  { route: `DELETE ${KV}/:namespace/values/:key`, noted: "kv-key-delete NAMESPACE a/b" },
  {
    route: `PUT ${KV}/:namespace/bulk`,
    body: () => ["x", "y"].map((key) => ({ key, value: "v" })),
    noted: "kv-bulk-put NAMESPACE 2",
  },
  { route: `DELETE ${KV}/:namespace/bulk`, body: () => ["x"], noted: "kv-bulk-delete NAMESPACE 1" },
  { route: `POST ${KV}/:namespace/bulk/delete`, body: () => ["y", "z"], noted: "kv-bulk-delete NAMESPACE 2" },
  { route: `DELETE ${KV}/:namespace`, noted: "kv-delete NAMESPACE" },
  {
    route: `POST ${SCRIPT}/assets-upload-session`,
    body: () => ({ manifest: { "/a.txt": { hash: "1".repeat(32), size: 1 } } }),
    noted: "upload-assets shop 1",
  },
  { route: `PUT ${SCRIPT}`, body: () => uploadForm(CODE), noted: "deploy shop VERSION" },
  { route: `PATCH ${SCRIPT}/script-settings`, body: () => ({ tags: ["a"] }), noted: "script-settings shop" },
  { route: `POST ${SCRIPT}/subdomain`, body: () => ({ enabled: true }), noted: "subdomain shop" },
  { route: `PUT ${SCRIPT}/routes`, body: () => [{ pattern: "a.test/*" }], noted: "routes shop" },
  { route: `PUT ${SCRIPT}/schedules`, body: () => [{ cron: "* * * * *" }], noted: "schedules shop" },
  {
    route: `PUT ${SCRIPT}/domains/records`,
    body: () => ({ origins: [{ hostname: "b.test" }] }),
    noted: "domains shop",
  },
  {
    route: `PUT ${SCRIPT}/secrets`,
    body: () => ({ name: "KEY", text: "hush", type: "secret_text" }),
    noted: "secret-put shop KEY",
  },
  { route: `DELETE ${SCRIPT}/secrets/:secret`, noted: "secret-delete shop KEY" },
  {
    route: `PATCH ${SCRIPT}/secrets-bulk`,
    body: () => ({ secrets: { ONE: { name: "ONE", text: "hush", type: "secret_text" } } }),
    noted: "secrets-bulk shop ONE",
  },
  {
    route: `PATCH ${SCRIPT}/settings`,
    body: () => {
      const form = new FormData();
      form.set("settings", '{"bindings":[{"name":"TWO","type":"secret_text","text":"hush"}]}');
      return form;
    },
    noted: "secrets-bulk shop TWO",
  },
  { route: `POST ${SCRIPT}/tails`, body: () => ({}), noted: "tail shop" },
  { route: `POST ${SCRIPT}/versions`, body: () => uploadForm(CODE), noted: "upload-version shop VERSION" },
  {
    route: `POST ${SCRIPT}/deployments`,
    body: () => ({ versions: [{ version_id: "VERSION", percentage: 100 }] }),
    noted: "deploy-versions shop VERSION",
  },
  {
    route: `PATCH ${A}/workers/workers/:name/versions/latest`,
    body: () => ({ env: { THREE: { type: "secret_text", text: "hush" } } }),
    noted: "version-secrets shop THREE",
  },
  { route: `DELETE ${SCRIPT}`, noted: "delete shop" },
  { route: `DELETE ${A}/workers/services/:name`, at: `${A}/workers/services/other`, noted: "delete other" },
];
/** They look, end what was noted when it began, or are noted as a whole where they begin. */
const UNNOTED = [
  "POST /graphql",
  `POST ${SCRIPT}/domains/changeset`,
  `POST ${KV}/:namespace/bulk/get`,
  `DELETE ${SCRIPT}/tails/:tail`,
  `POST ${A}/workers/assets/upload`,
  `POST ${A}/workers/assets/upload/:hash`,
];

test("each route that changes something has its place in this test", async () => {
  await using api = await ApiFixture.make();
  const address = { workersDomain: "localhost", workersScheme: "http", workersPort: 8787 } as const;
  const changing = apiRoutes({ control: api.host.control, ...address })
    .routes.filter(({ method }) => method !== "GET" && method !== "ALL")
    .map(({ method, path }) => `${method} ${path.slice(BASE.length)}`)
    .filter((route) => !UNNOTED.includes(route));
  assert.equal(new Set(changing), new Set(STEPS.map(({ route }) => route)));
});

test("cloudflareApi notes each change and each tail, with the token, and no secret", async () => {
  await using api = await ApiFixture.listen();
  const { control } = api.host;
  const other = { account: "acme", name: "other", main: "index.js" };
  await api.host.deploy({ ...other, modules: [{ name: "index.js", type: "esm", content: CODE }] });
  const { token, info } = control.tokens.create({ name: "ci", accounts: ["acme"], permissions: ["admin"] });
  const known: Record<string, string> = {};
  const fill = (text: string): string => text.replaceAll(/NAMESPACE|VERSION/g, (name) => known[name] ?? name);
  for (const { route, at, body, noted } of STEPS) {
    const [method = "", path = ""] = (at === undefined ? route : `${route.split(" ")[0]} ${at}`).split(" ");
    const url = path
      .replace(":account", "acme")
      .replace(":namespace", known["NAMESPACE"] ?? "")
      .replace(":name", "shop")
      .replace(":key", "a%2Fb")
      .replace(":secret", "KEY");
    const given = body?.();
    const sent =
      given instanceof FormData || given === undefined ? given : JSON.parse(fill(JSON.stringify(given)));
    const before = control.tokens.audit().length;
    const { status, result, errors } = await api.ask(method, url.replace("//", "/"), sent, token);
    assert.is(status, 200, `${route} ${JSON.stringify(errors)}`);
    if (noted === "kv-create NAMESPACE") known["NAMESPACE"] = result.id;
    known["VERSION"] = control.versions("shop", "acme")[0]?.id ?? "";
    const [entry, ...rest] = control.tokens.audit();
    assert.is(rest.length, before, route);
    assert.equal(
      [entry!.token, entry!.tokenName, entry!.account, `${entry!.action} ${entry!.target}`],
      [info.id, "ci", "acme", fill(noted)],
    );
  }
  assert.not.match(JSON.stringify(control.tokens.audit()), "hush");
});

test("cloudflareApi notes nothing of what it refuses, and what was done before it came to a refusal", async () => {
  await using api = await ApiFixture.listen();
  const { control } = api.host;
  const KEYS = "/accounts/acme/storage/kv/namespaces";
  const SHOP = "/accounts/acme/workers/scripts/shop";
  const space = `${KEYS}/${(await api.ask("POST", KEYS, { title: "t" })).result.id}`;
  const actions = (): string[] => control.tokens.audit().map(({ action, target }) => `${action} ${target}`);
  const before = actions();
  const reader = api.tokenFor("acme", ["read"]);
  for (const [method, path, body, token] of [
    ["PUT", `${space}/values/k`, "v", reader],
    ["PUT", `${space}/values/${"k".repeat(600)}`, "v"],
    ["PUT", `${space}/bulk`, [{ key: "", value: "v" }]],
    ["PUT", `${KEYS}/none/values/k`, "v"],
    ["PUT", SHOP, uploadForm("throw new Error('no')")],
    ["POST", `${SHOP}/tails`, {}],
    ["DELETE", SHOP],
    ["PUT", SHOP, uploadForm(CODE), reader],
  ] as const)
    assert.is.not((await api.ask(method, path, body, token)).status, 200, `${method} ${path}`);
  assert.equal(actions(), before);
  const pairs = ["a", "b", "c".repeat(600), "d"].map((key) => ({ key, value: "v" }));
  assert.is((await api.ask("PUT", `${space}/bulk`, pairs)).status, 400);
  assert.equal(actions(), [`kv-bulk-put ${space.slice(KEYS.length + 1)} 2`, ...before]);
});

test("cloudflareApi checks names and number of secrets to delete as those to put", async () => {
  await using api = await ApiFixture.listen();
  const { control } = api.host;
  await api.ask("PUT", "/accounts/acme/workers/scripts/shop", uploadForm(CODE));
  const before = control.tokens.audit().length;
  const many = Object.fromEntries(Array.from({ length: 129 }, (_, n) => [`K${n}`, null]));
  const wrong = { type: "plain_text", text: "" };
  for (const [secrets, problem] of [
    [{ ["k".repeat(1_000_000)]: null }, /secrets\.k{128} must be named by a JavaScript name of at most 128/],
    [{ GOOD: null, "a b": null }, /secrets\.a b must be named/],
    [many, /secrets has 129 entries to delete; at most 128/],
    [{ ["k".repeat(1_000_000)]: wrong }, /"k{128}" is of type "plain_text"/],
    [{ KEY: { type: { toString: 1 }, text: "" } }, /"KEY" is of type object/],
  ] as const)
    for (const [path, body] of [
      ["/accounts/acme/workers/scripts/shop/secrets-bulk", { secrets }],
      ["/accounts/acme/workers/workers/shop/versions/latest", { env: secrets }],
    ] as const) {
      const { status, errors } = await api.ask("PATCH", path, body);
      assert.is(status, 400, path);
      assert.match(errors[0]!.message, problem);
      assert.ok(JSON.stringify(errors).length < 1_000);
    }
  assert.is(control.tokens.audit().length, before);
});

test("cloudflareApi notes that the namespaces of a refused deploy go with it", async () => {
  await using api = await ApiFixture.listen();
  const A_ = "/accounts/acme";
  await api.ask("GET", `${A_}/workers/services/shop`);
  const { id } = (await api.ask("POST", `${A_}/storage/kv/namespaces`, { title: "shop-kv" })).result;
  await api.ask("PUT", `${A_}/workers/scripts/shop`, uploadForm("throw new Error('no')"));
  assert.is(api.host.control.kv.namespace("acme", id), undefined);
  assert.equal(
    api.host.control.tokens.audit().map(({ action, target }) => `${action} ${target}`),
    [`kv-delete ${id}`, `kv-create ${id}`],
  );
});

test.run();
