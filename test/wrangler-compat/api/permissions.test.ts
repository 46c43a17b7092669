import { test } from "uvu";
import * as assert from "uvu/assert";
import { PERMISSIONS, type Permission } from "../../../src/control/token-control.ts";
import { createHost } from "../../../src/index.ts";
import { apiRoutes } from "../../../wrangler-compat/api/cloudflare-api.ts";
import { ApiFixture, uploadForm } from "./api-fixture.ts";
import { WIDE_LIMITS } from "../../limits/wide-limits.ts";

const BASE = "/client/v4";
const A = "/accounts/:account";
const SCRIPT = `${A}/workers/scripts/:name`;
const KV = `${A}/storage/kv/namespaces`;

/** What each route wants. A route that is not here is a mistake: who adds one says what it wants. */
const WANTED: Readonly<Record<string, Permission>> = {
  [`GET ${A}`]: "read",
  [`GET ${A}/workers/subdomain`]: "read",
  [`GET ${A}/workers/scripts`]: "read",
  [`GET ${A}/workers/services/:name`]: "read",
  [`DELETE ${A}/workers/services/:name`]: "deploy",
  [`GET ${A}/workers/workers/:name`]: "read",
  [`GET ${A}/workers/tails/by-consumer/:name`]: "read",
  [`PUT ${SCRIPT}`]: "deploy",
  [`POST ${SCRIPT}/assets-upload-session`]: "deploy",
  [`DELETE ${SCRIPT}`]: "deploy",
  [`GET ${SCRIPT}/settings`]: "read",
  [`PATCH ${SCRIPT}/settings`]: "secrets",
  [`POST ${SCRIPT}/tails`]: "tail",
  [`DELETE ${SCRIPT}/tails/:tail`]: "tail",
  [`GET ${SCRIPT}/script-settings`]: "read",
  [`PATCH ${SCRIPT}/script-settings`]: "deploy",
  [`GET ${SCRIPT}/subdomain`]: "read",
  [`POST ${SCRIPT}/subdomain`]: "deploy",
  [`GET ${SCRIPT}/references`]: "read",
  [`POST ${SCRIPT}/versions`]: "deploy",
  [`GET ${SCRIPT}/versions`]: "read",
  [`GET ${SCRIPT}/versions/:version`]: "read",
  [`GET ${SCRIPT}/deployments`]: "read",
  [`POST ${SCRIPT}/deployments`]: "deploy",
  [`GET ${SCRIPT}/routes`]: "read",
  [`PUT ${SCRIPT}/routes`]: "deploy",
  [`POST ${SCRIPT}/domains/changeset`]: "read",
  [`PUT ${SCRIPT}/domains/records`]: "deploy",
  [`GET ${A}/workers/domains`]: "read",
  [`GET ${A}/workers/domains/records/:domain`]: "read",
  [`GET ${SCRIPT}/content/v2`]: "read",
  [`GET ${SCRIPT}/schedules`]: "read",
  [`PUT ${SCRIPT}/schedules`]: "deploy",
  [`GET ${SCRIPT}/secrets`]: "read",
  [`PUT ${SCRIPT}/secrets`]: "secrets",
  [`DELETE ${SCRIPT}/secrets/:secret`]: "secrets",
  [`PATCH ${SCRIPT}/secrets-bulk`]: "secrets",
  [`PATCH ${A}/workers/workers/:name/versions/latest`]: "secrets",
  [`GET ${KV}`]: "read",
  [`POST ${KV}`]: "deploy",
  [`GET ${KV}/:namespace`]: "read",
  [`PUT ${KV}/:namespace`]: "deploy",
  [`DELETE ${KV}/:namespace`]: "deploy",
  [`GET ${KV}/:namespace/keys`]: "read",
  [`GET ${KV}/:namespace/values/:key`]: "read",
  [`PUT ${KV}/:namespace/values/:key`]: "deploy",
  [`DELETE ${KV}/:namespace/values/:key`]: "deploy",
  [`PUT ${KV}/:namespace/bulk`]: "deploy",
  [`DELETE ${KV}/:namespace/bulk`]: "deploy",
  [`POST ${KV}/:namespace/bulk/delete`]: "deploy",
  [`POST ${KV}/:namespace/bulk/get`]: "read",
};
/** About the token itself: no account is in the path. */
const OWN = [
  "GET /user/tokens/verify",
  "GET /user",
  "GET /accounts",
  "GET /memberships",
  "GET /zones",
  "GET /zones/:zone/workers/routes",
  "POST /graphql",
];
/** Opened by the tokens of uploads alone: `assets.test.ts` tries others. */
const OF_UPLOADS = [`POST ${A}/workers/assets/upload`, `POST ${A}/workers/assets/upload/:hash`];

async function routes(): Promise<string[]> {
  await using host = await createHost({ limits: WIDE_LIMITS });
  const address = { workersDomain: "localhost", workersScheme: "http", workersPort: 8787 } as const;
  return apiRoutes({ control: host.control, ...address })
    .routes.filter(({ path }) => path !== `${BASE}/*`)
    .map(({ method, path }) => `${method} ${path.slice(BASE.length)}`);
}

/** What the unsupported routes want, which are many and change nothing. */
async function wanted(): Promise<[method: string, path: string, Permission][]> {
  const found = (await routes()).filter((route) => ![...OWN, ...OF_UPLOADS].includes(route));
  return found.map((route) => {
    const [method = "", path = ""] = route.split(" ");
    const permission = WANTED[route] ?? (method === "ALL" ? "read" : undefined);
    if (permission === undefined)
      throw new Error(`${route} has no entry in this test: which permission does it want?`);
    return [method === "ALL" ? "POST" : method, path, permission];
  });
}

function filled(path: string, account: string, namespace: string): string {
  return path
    .replace(":account", account)
    .replace(":namespace", namespace)
    .replace("*", "x")
    .replaceAll(/:(?:name|version|secret|key|domain)\b/g, "none");
}

test("every route of the API asks for its permission, on the account in its path and no other", async () => {
  await using api = await ApiFixture.make();
  const all = await wanted();
  assert.ok(all.length > 50);
  const { id: namespace } = api.host.control.kv.ensure("acme", "space");
  const tokens = Object.fromEntries(
    PERMISSIONS.map((permission) => [permission, api.tokenFor("acme", [permission])]),
  );
  const none = api.tokenFor("acme", []);
  const foreign = api.tokenFor("evil", ["admin"]);
  const state = (): string =>
    JSON.stringify([api.host.control.workers("acme"), api.host.control.kv.namespaces("acme")]);
  const before = state();
  for (const [method, path, permission] of all.filter(([method]) => method !== "DELETE")) {
    const at = filled(path, "acme", namespace);
    const ask = async (token: string): Promise<[number, number | undefined]> => {
      const body = method === "GET" ? {} : { body: "-" };
      const response = await api.raw(method, at, body, token);
      const text = await response.text();
      const { errors } = (text.startsWith("{") ? JSON.parse(text) : {}) as { errors?: { code: number }[] };
      return [response.status, errors?.[0]?.code];
    };
    for (const has of PERMISSIONS) {
      const [status] = await ask(tokens[has]!);
      assert.is(
        status !== 403,
        has === permission || has === "admin",
        `${method} ${at} with ${has}: ${status}`,
      );
      assert.is.not(status, 500, `${method} ${at} with ${has}`);
    }
    assert.is((await ask(none))[0], 403, `${method} ${at} without any permission`);
    assert.equal(await ask(foreign), [404, 7003], `${method} ${at} of another account`);
    assert.is(state(), before, `${method} ${at}`);
  }
});

test("a token that was revoked opens nothing", async () => {
  await using api = await ApiFixture.make();
  const token = revoked(api);
  for (const path of ["/user", "/accounts/acme", "/accounts/acme/nothing"])
    assert.is((await api.raw("GET", path, {}, token)).status, 401, path);
});

function revoked({ host }: ApiFixture): string {
  const { token, info } = host.control.tokens.create({
    name: "over",
    accounts: ["*"],
    permissions: ["admin"],
  });
  host.control.tokens.revoke(info.id);
  return token;
}

test("a deletion wants its permission, on the account in its path and no other", async () => {
  await using api = await ApiFixture.make();
  const form = uploadForm("export default { fetch() {} }");
  await api.ask("PUT", "/accounts/acme/workers/scripts/none", form);
  api.host.control.kv.ensure("acme", "space");
  const evil = api.tokenFor("evil", ["admin"]);
  for (const [method, path, permission] of await wanted()) {
    if (method !== "DELETE") continue;
    const others = PERMISSIONS.filter((other) => other !== permission && other !== "admin");
    for (const [token, expected] of [
      [api.tokenFor("acme", others), 403],
      [evil, 404],
    ] as const)
      assert.is((await api.raw(method, filled(path, "acme", "space"), {}, token)).status, expected, path);
  }
  assert.is(api.host.control.workers("acme").length, 1);
  assert.is(api.host.control.kv.namespaces("acme").length, 1);
});

test("no spelling of an account opens another one, nor does a token for all open what is no account", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", "/accounts/acme/workers/scripts/shop", uploadForm("export default { fetch() {} }"));
  api.host.control.kv.ensure("acme", "space");
  const evil = api.tokenFor("evil", ["admin"]);
  const every = api.host.control.tokens.create({
    name: "all",
    accounts: ["*"],
    permissions: ["admin"],
  }).token;
  const spellings = [
    "ACME",
    "acme%00",
    "acme%20",
    "evil%2F..%2Facme",
    "evil%0Aacme",
    "*",
    "%2A",
    "__proto__",
    "con.structor",
    "evil,acme",
    "acme%2Fworkers%2Fscripts%2Fshop",
    "%61cme%2e",
    "%E0%A4",
    "a".repeat(8_000),
    "äcme",
  ];
  for (const account of spellings)
    for (const rest of [
      "/workers/scripts/shop/settings",
      "/storage/kv/namespaces",
      "/storage/kv/namespaces/space/keys",
    ])
      for (const token of [evil, every]) {
        const { status } = await api.raw("GET", `/accounts/${account}${rest}`, {}, token);
        assert.is(status, 404, `${account.slice(0, 40)}${rest}`);
      }
  for (const path of [
    "/accounts/evil/../acme/workers/scripts/shop/settings",
    "/accounts/%61cme/workers/scripts/shop/settings",
    "/accounts/evil/workers/scripts/..%2F..%2F..%2Facme%2Fworkers%2Fscripts%2Fshop/settings",
    "//accounts/acme/workers/scripts/shop/settings",
  ])
    assert.is((await api.raw("GET", path, {}, evil)).status, 404, path);
  assert.is(
    (await api.raw("POST", "/accounts/__proto__/storage/kv/namespaces", { body: `{"title":"x"}` }, every))
      .status,
    404,
  );
  assert.equal(api.host.control.accounts(), ["acme"]);
});

test.run();
