import { Hono } from "hono";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cloudflareApi } from "../../../wrangler-compat/api/cloudflare-api.ts";
import type { ApiApp, ApiEnv } from "../../../wrangler-compat/api/api-context.ts";
import { followDeploys } from "../../../wrangler-compat/api/follow-deploys.ts";
import { Provisioning } from "../../../wrangler-compat/api/provisioning.ts";
import { StorageDamaged } from "../../../src/storage/storage-damaged.ts";
import { ApiFixture, type Envelope, uploadForm } from "./api-fixture.ts";

const A = "/accounts/acme";
const SCRIPT = `${A}/workers/scripts/shop`;
const LATEST = `${A}/workers/workers/shop/versions/latest`;
const SPACES = `${A}/storage/kv/namespaces`;
const CODE = `export default { fetch: (request, env) => new Response(JSON.stringify(env)) }`;

async function envOf({ host }: ApiFixture): Promise<unknown> {
  return await (await host.fetch("http://shop.acme.localhost/")).json();
}

async function deployed(): Promise<ApiFixture> {
  const api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  return api;
}

async function deploy(api: ApiFixture, id: string, query = ""): Promise<Envelope> {
  const versions = [{ version_id: id, percentage: 100 }];
  return await api.ask("POST", `${SCRIPT}/deployments${query}`, { strategy: "percentage", versions });
}

function secret(text: string): object {
  return { type: "secret_text", text };
}

test("cloudflareApi makes versions with other secrets aside, and deploys none of them by itself", async () => {
  await using api = await deployed();
  await api.ask("PUT", `${SCRIPT}/secrets`, { name: "OLD", ...secret("one") });
  const patch = { env: { A: secret("a"), OLD: null }, annotations: { "workers/tag": "t" } };
  const first = await api.ask("PATCH", LATEST, patch);
  assert.is(first.status, 200, JSON.stringify(first.errors));
  assert.is(first.result.annotations["workers/tag"], "t");
  assert.equal(first.result.resources.bindings, [{ name: "A", type: "secret_text" }]);
  const second = await api.ask("PATCH", LATEST, { env: { B: secret("b") } });
  assert.equal(await envOf(api), { OLD: "one" });
  const refused = [
    ["PUT", "/secrets", { name: "X", ...secret("x") }, 10215],
    ["PATCH", "/secrets-bulk", { secrets: { X: { name: "X", ...secret("x") } } }, 10215],
    ["DELETE", "/secrets/OLD", undefined, 10215],
  ] as const;
  for (const [method, path, body, code] of refused) {
    const answer = await api.ask(method, SCRIPT + path, body);
    assert.equal([path, answer.status, answer.errors[0]?.code], [path, 400, code]);
  }
  const form = new FormData();
  form.set("settings", JSON.stringify({ bindings: [{ name: "X", ...secret("x") }] }));
  assert.is((await api.ask("PATCH", `${SCRIPT}/settings`, form)).errors[0]?.code, 10214);
  assert.is((await deploy(api, second.result.id)).status, 200);
  assert.equal(await envOf(api), { A: "a", B: "b" });
  assert.is((await api.ask("PUT", `${SCRIPT}/secrets`, { name: "X", ...secret("x") })).status, 200);
  assert.equal(await envOf(api), { A: "a", B: "b", X: "x" });
});

test("cloudflareApi refuses patches of versions that it does not understand, and shows no text", async () => {
  await using api = await deployed();
  const before = api.host.control.versions("shop", "acme").length;
  for (const [patch, status] of [
    [{ env: { A: { type: "plain_text", text: "hidden" } } }, 400],
    [{ env: { A: { type: "secret_text" } } }, 400],
    [{ env: { A: "hidden" } }, 400],
    [{ env: { "a b": secret("hidden") } }, 400],
    [{ env: { A: secret("hidden".repeat(2_000)) } }, 400],
    [{ env: [] }, 400],
    [{ env: {}, limits: {} }, 501],
  ] as const) {
    const answer = await api.ask("PATCH", LATEST, patch);
    assert.is(answer.status, status, JSON.stringify(patch));
    assert.not.match(JSON.stringify(answer), "hidden");
  }
  const none = await api.ask("PATCH", LATEST.replace("shop", "none"), { env: {} });
  assert.equal([none.status, none.errors[0]?.code], [404, 10007]);
  const deployer = api.tokenFor("acme", ["deploy", "read"]);
  assert.is((await api.ask("PATCH", LATEST, { env: {} }, deployer)).status, 403);
  assert.is((await api.ask("GET", `${SCRIPT}/content/v2?version=x`)).status, 501);
  assert.is(api.host.control.versions("shop", "acme").length, before);
});

test("cloudflareApi goes back to a version with other secrets only when told to", async () => {
  await using api = await deployed();
  const [first] = api.host.control.versions("shop", "acme");
  await api.ask("PUT", `${SCRIPT}/secrets`, { name: "B", ...secret("1") });
  const [second] = api.host.control.versions("shop", "acme");
  await api.ask("PATCH", `${SCRIPT}/secrets-bulk`, { secrets: { B: secret("2"), A: secret("1") } });
  const [third] = api.host.control.versions("shop", "acme");
  // Encrypted anew, the values are still the same.
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  api.host.control.secrets.rotate();
  await api.ask("PATCH", `${SCRIPT}/secrets-bulk`, { secrets: { B: secret("2") } });
  assert.is((await deploy(api, third!.id)).status, 200);
  for (const id of [first!.id, second!.id]) {
    const refused = await deploy(api, id);
    assert.equal([refused.status, refused.errors[0]?.code], [400, 10220]);
    assert.match(refused.errors[0]!.message, /The following secrets have changed: A, B$/);
  }
  assert.equal(await envOf(api), { A: "1", B: "2" });
  assert.is((await deploy(api, second!.id, "?force=true")).status, 200);
  assert.equal(await envOf(api), { B: "1" });
  assert.is((await deploy(api, third!.id)).status, 200);
});

test("cloudflareApi keeps no namespace of a deploy that it refuses", async () => {
  await using api = await deployed();
  const titles = (): string[] => api.host.control.kv.namespaces("acme").map(({ title }) => title);
  const make = async (title: string): Promise<string> => (await api.ask("POST", SPACES, { title })).result.id;
  const bound = (id: string, more: object = {}): FormData =>
    uploadForm(CODE, { bindings: [{ name: "KV", type: "kv_namespace", namespace_id: id }], ...more });
  const begin = async (): Promise<Envelope> => await api.ask("GET", `${A}/workers/services/shop`);

  await make("shop-mine");
  await begin();
  const filled = await make("shop-filled");
  await api.raw("PUT", `${SPACES}/${filled}/values/k`, { body: "v" });
  await make("other");
  for (const refuse of [
    async (id: string) => await api.ask("PUT", SCRIPT, bound(id, { main_module: "none.js" })),
    async (id: string) => await api.ask("POST", `${SCRIPT}/versions`, bound(id, { keep_bindings: 1 })),
    async (id: string) => await api.ask("POST", `${A}/d1/database`, { name: id }),
    async (id: string) => {
      assert.equal((await api.ask("GET", `${A}/r2/buckets`)).result, { buckets: [] });
      return await api.ask("POST", `${A}/r2/buckets`, { name: id });
    },
  ]) {
    await begin();
    const answer = await refuse(await make("shop-kv"));
    assert.ok(answer.status >= 400);
    assert.equal(titles().toSorted(), ["other", "shop-filled", "shop-mine"]);
  }
  // An id of elsewhere is there once a version has it, and not before.
  const broken = bound("0123456789abcdef0123456789abcdef");
  broken.set("index.js", new File(["throw 1"], "index.js", { type: "application/javascript+module" }));
  assert.is((await api.ask("PUT", SCRIPT, broken)).status, 400);
  assert.is(titles().length, 3);
  await begin();
  const kept = await make("shop-kv");
  assert.is((await api.ask("PUT", SCRIPT, bound(kept))).status, 200);
  assert.is((await api.ask("PUT", SCRIPT, uploadForm("no code"))).status, 400);
  assert.ok(titles().includes("shop-kv"));
  assert.is((await api.ask("PUT", SCRIPT, bound("adopted"))).status, 200);
  assert.ok(titles().includes("adopted"));
});

test("cloudflareApi keeps the namespaces that a refused deploy did not make, or that others bind", async () => {
  await using api = await deployed();
  const titles = (): string[] => api.host.control.kv.namespaces("acme").map(({ title }) => title);
  const make = async (title: string): Promise<string> => (await api.ask("POST", SPACES, { title })).result.id;
  const begin = async (worker: string): Promise<Envelope> =>
    await api.ask("GET", `${A}/workers/services/${worker}`);
  const lacking = async (): Promise<void> => {
    assert.is((await api.ask("POST", `${A}/d1/database`, { name: "d" })).status, 501);
  };

  // After the refusal the deploy is over.
  await begin("shop");
  await make("shop-kv");
  await lacking();
  assert.equal(titles(), []);
  await make("shop-by-hand");
  await lacking();
  assert.equal(titles(), ["shop-by-hand"]);

  // Another worker binds it.
  await begin("shop");
  const shared = await make("shop-shared");
  const bindings = [{ name: "KV", type: "kv_namespace", namespace_id: shared }];
  assert.is((await api.ask("PUT", `${A}/workers/scripts/other`, uploadForm(CODE, { bindings }))).status, 200);
  assert.is((await api.ask("PUT", SCRIPT, uploadForm("no code"))).status, 400);
  assert.ok(titles().includes("shop-shared"));

  // Of two deploys under way it is not known which one was refused; of an upload it is.
  await begin("shop");
  await make("shop-kv");
  await begin("cart");
  await make("cart-kv");
  await lacking();
  assert.ok(titles().includes("shop-kv") && titles().includes("cart-kv"));
  assert.is((await api.ask("PUT", `${A}/workers/scripts/cart`, uploadForm("no code"))).status, 400);
  assert.equal(titles().toSorted(), ["shop-by-hand", "shop-kv", "shop-shared"]);
});

test("followDeploys ends no deploy for what is lacking in KV", async () => {
  await using api = await deployed();
  const { control } = api.host;
  const app: ApiApp = new Hono<ApiEnv>();
  const token = control.tokens.verify(api.tokenFor("acme"))!;
  app.use(async (context, next) => {
    context.set("token", token);
    await next();
  });
  followDeploys(app, { control, workersDomain: "localhost", workersScheme: "http", workersPort: 80 });
  app.get(`${A}/workers/services/shop`, () => new Response());
  app.post(SPACES, () => Response.json({ result: control.kv.ensure("acme", "made", "shop-kv") }));
  app.post("*", () => new Response(null, { status: 501 }));
  await app.request(`${A}/workers/services/shop`);
  await app.request(SPACES, { method: "POST" });
  await app.request(`${SPACES}/made/later`, { method: "POST" });
  assert.ok(control.kv.namespace("acme", "made"));
  await app.request(`${A}/d1/database`, { method: "POST" });
  assert.is(control.kv.namespace("acme", "made"), undefined);
});

test("Provisioning sees what is bound while it looks, and forgets deploys after 2 minutes", async () => {
  await using api = await deployed();
  const { control } = api.host;
  let nowMs = 0;
  let whileListing = async (): Promise<void> => {};
  const kv = Object.create(control.kv, {
    namespace: { value: (account: string, id: string) => control.kv.namespace(account, id) },
    remove: { value: async (account: string, id: string) => await control.kv.remove(account, id) },
    keys: {
      value: async (account: string, id: string) => {
        const keys = await control.kv.keys(account, id, { limit: 1 });
        await whileListing();
        return keys;
      },
    },
  }) as typeof control.kv;
  const watched = {
    kv,
    workers: (account?: string) => control.workers(account),
    versions: (name: string, account?: string) => control.versions(name, account),
  } as typeof control;
  const provisioning = new Provisioning(watched, () => nowMs);
  const made = async (title: string): Promise<string> => {
    const { id } = (await api.ask("POST", SPACES, { title })).result as { id: string };
    provisioning.began("t", "acme", "shop");
    provisioning.made("t", "acme", id, title);
    return id;
  };

  const late = await made("shop-late");
  nowMs += 2 * 60 * 1_000;
  await provisioning.refused("t", "acme", "shop");
  assert.ok(control.kv.namespace("acme", late));

  const bound = await made("shop-bound");
  whileListing = async () => {
    const bindings = [{ name: "KV", type: "kv_namespace", namespace_id: bound }];
    await api.ask("PUT", `${A}/workers/scripts/other`, uploadForm(CODE, { bindings }));
  };
  await provisioning.refused("t", "acme", "shop");
  assert.ok(control.kv.namespace("acme", bound));
});

test("cloudflareApi says who depends on a worker", async () => {
  await using api = await deployed();
  const other = `${A}/workers/scripts/other`;
  const bindings = [{ name: "SHOP", type: "service", service: "shop" }];
  await api.ask("PUT", other, uploadForm(CODE, { bindings }));
  const shop = await api.ask("GET", `${SCRIPT}/references`);
  assert.equal(shop.result.services, { incoming: [{ name: "SHOP", service: "other" }], outgoing: [] });
  assert.equal((await api.ask("GET", `${other}/references`)).result.services, {
    incoming: [],
    outgoing: [{ name: "SHOP", service: "shop" }],
  });
  assert.equal((await api.ask("GET", `${A}/workers/tails/by-consumer/shop`)).result, []);
});

test("cloudflareApi moves a domain between workers of an account where that is asked for", async () => {
  await using api = await deployed();
  const other = `${A}/workers/scripts/other`;
  await api.ask("PUT", other, uploadForm(`export default { fetch: () => new Response("other") }`));
  const origins = [{ hostname: "a.test" }, { hostname: "b.test" }];
  await api.ask("PUT", `${SCRIPT}/domains/records`, { origins });
  const changes = await api.ask("POST", `${other}/domains/changeset?replace_state=true`, [
    { hostname: "a.test" },
    { hostname: "c.test" },
  ]);
  const [updated] = changes.result.updated;
  assert.equal(changes.result.added, [{ hostname: "c.test" }]);
  assert.equal([updated.hostname, updated.modified], ["a.test", true]);
  const record = await api.ask("GET", `${A}/workers/domains/records/${updated.id}`);
  assert.equal([record.result.hostname, record.result.service], ["a.test", "shop"]);
  const move = { origins: [{ hostname: "a.test" }] };
  assert.is((await api.ask("PUT", `${other}/domains/records`, move)).status, 409);
  const by = { ...move, override_existing_origin: true };
  // Together with one that cannot be had, nothing moves.
  const bad = { ...by, origins: [...move.origins, { hostname: "no host" }] };
  assert.is((await api.ask("PUT", `${other}/domains/records`, bad)).status, 400);
  assert.is(await (await api.host.fetch("http://a.test/")).text(), "{}");
  assert.is((await api.ask("PUT", `${other}/domains/records`, by)).status, 200);
  assert.is(await (await api.host.fetch("http://a.test/")).text(), "other");
  assert.is(await (await api.host.fetch("http://b.test/")).text(), "{}");
  const listed = await api.ask("GET", `${A}/workers/domains`);
  assert.equal(
    listed.result.map(({ hostname, service }: Record<string, string>) => [hostname, service]).toSorted(),
    [
      ["a.test", "other"],
      ["b.test", "shop"],
    ],
  );
});

test("cloudflareApi says of the host's own trouble that there is some, and the operator what", async () => {
  await using api = await deployed();
  const seen: unknown[] = [];
  const control = Object.create(api.host.control, {
    workers: {
      value: () => {
        throw new StorageDamaged("/srv/data/control.db", "page 7");
      },
    },
    tokens: { value: api.host.control.tokens },
  }) as typeof api.host.control;
  const address = { workersDomain: "localhost", workersScheme: "http", workersPort: 80 } as const;
  const ask = cloudflareApi({ control, ...address, internal: (error) => seen.push(error) });
  const headers = { authorization: `Bearer ${api.tokenFor("acme")}` };
  const answer = await ask(new Request(`http://h/client/v4${A}/workers/scripts`, { headers }));
  const text = await answer.text();
  assert.equal([answer.status, (JSON.parse(text) as Envelope).errors[0]?.code], [500, 10001]);
  assert.not.match(text, /srv|page 7/);
  assert.ok(seen[0] instanceof StorageDamaged);
});

test.run();
