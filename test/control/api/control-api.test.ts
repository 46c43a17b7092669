import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  newControlToken,
  readControlAccess,
  removeControlAccess,
  writeControlAccess,
} from "../../../src/control/api/control-access.ts";
import { controlApi, type ControlledHost } from "../../../src/control/api/control-api.ts";
import { systemClock } from "../../../src/clock/clock.ts";
import { AssetLibrary } from "../../../src/assets/asset-library.ts";
import { assetBounds } from "../../../src/assets/asset-options.ts";
import { createAssetControl } from "../../../src/control/asset-control.ts";
import { MemoryAssets } from "../../../src/storage/memory-assets.ts";
import { type AuditEntry, type AuditPage, createTokenControl } from "../../../src/control/token-control.ts";
import { SqliteControl } from "../../../src/storage/sqlite-control.ts";
import type { QuarantineEntry } from "../../../src/admission/quarantine.ts";
import { SkerryError } from "../../../src/errors/skerry-error.ts";
import type { WorkerUpload } from "../../../src/host-options.ts";
import { StorageDamaged } from "../../../src/storage/storage-damaged.ts";
import { uploadToJson } from "../../../src/control/api/upload-json.ts";

const UPLOAD: WorkerUpload = {
  name: "shop",
  main: "index.js",
  modules: [
    { name: "index.js", type: "esm", content: "export default {}" },
    { name: "a.bin", type: "data", content: Uint8Array.of(0, 200, 255) },
  ],
  vars: { A: { b: [1] } },
};

/** An API over a host that keeps its uploads in a map. */
function api(token = "secret"): {
  ask: (method: string, path: string, body?: string, bearer?: string) => Promise<Response>;
  uploads: Map<string, WorkerUpload>;
  secrets: Map<string, string>;
  faults: unknown[];
} {
  const uploads = new Map<string, WorkerUpload>();
  const secrets = new Map<string, string>();
  const library = new AssetLibrary({
    store: new MemoryAssets(),
    bounds: () => assetBounds(false),
    named: () => [],
    now: Date.now,
  });
  const host: ControlledHost = {
    deploy: async (upload) => {
      if (upload.name === "bad") throw new SkerryError("SCRIPT_REFUSED", "index.js:1:2: no");
      if (upload.name === "worse") throw new Error("a fault");
      if (upload.name === "stored") throw new StorageDamaged("/data/control.db", "page 7");
      uploads.set(upload.name, upload);
      return { account: "default", name: upload.name, versionId: "v1" };
    },
    delete: async (name) => uploads.delete(name),
    storage: async () => ({ accounts: [], diskFreeBytes: null }),
    stats: async () => ({ rssBytes: 1, workers: [...uploads.keys()].map((name) => ({ name })) }),
    quarantine: {
      list: () => [{ account: "acme", worker: "bad" } as QuarantineEntry],
      lift: (name, account) => name === "bad" && account === "acme",
    },
    control: {
      tail: () => () => {},
      assets: createAssetControl(library),
      tokens: createTokenControl(new SqliteControl(":memory:").tokens, systemClock),
      secrets: {
        put: async (worker, name, value) => {
          secrets.set(`${worker} ${name}`, value);
          return { versionId: "v2" };
        },
        change: async () => ({ versionId: "v2" }),
        changeAside: async () => ({ versionId: "v2" }),
        differences: () => [],
        delete: async (worker, name) => secrets.delete(`${worker} ${name}`),
        list: () => [...secrets.keys()],
        rotate: () => ({ keyId: "k", count: secrets.size }),
      },
    },
  };
  const faults: unknown[] = [];
  const answer = controlApi(host, token, (error) => faults.push(error));
  const ask = (method: string, path: string, body?: string, bearer = token): Promise<Response> =>
    answer(
      new Request(`http://127.0.0.1${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}` },
        ...(body !== undefined && { body }),
      }),
    );
  return { ask, uploads, secrets, faults };
}

test("controlApi deploys, lists and removes", async () => {
  const { ask, uploads } = api();
  const deployed = await ask("POST", "/v1/workers", uploadToJson(UPLOAD));
  assert.is(deployed.status, 201);
  assert.equal(await deployed.json(), { account: "default", name: "shop", versionId: "v1" });
  assert.equal(uploads.get("shop"), UPLOAD);
  assert.equal(await (await ask("GET", "/v1/workers")).json(), { workers: [{ name: "shop" }] });
  assert.equal(await (await ask("GET", "/v1/stats")).json(), { rssBytes: 1, workers: [{ name: "shop" }] });
  assert.is((await ask("DELETE", "/v1/workers/shop")).status, 204);
  assert.is((await ask("DELETE", "/v1/workers/shop")).status, 404);
});

test("controlApi lists and lifts quarantines", async () => {
  const { ask } = api();
  assert.equal(await (await ask("GET", "/v1/quarantine")).json(), {
    workers: [{ account: "acme", worker: "bad" }],
  });
  assert.is((await ask("DELETE", "/v1/quarantine/bad?account=acme")).status, 204);
  const unknown = await ask("DELETE", "/v1/quarantine/bad");
  assert.is(unknown.status, 404);
  assert.is(((await unknown.json()) as { error: { code: string } }).error.code, "NOT_QUARANTINED");
});

test("controlApi takes a secret as it comes, and gives names only", async () => {
  const { ask, secrets } = api();
  const value = '{"not": json ü\n';
  assert.is((await ask("PUT", "/v1/workers/shop/secrets/KEY", value)).status, 200);
  assert.is(secrets.get("shop KEY"), value);
  assert.equal(await (await ask("GET", "/v1/workers/shop/secrets")).json(), { names: ["shop KEY"] });
  assert.equal(await (await ask("POST", "/v1/secrets/rotate")).json(), { keyId: "k", count: 1 });
  assert.is((await ask("DELETE", "/v1/workers/shop/secrets/KEY")).status, 204);
  assert.is((await ask("DELETE", "/v1/workers/shop/secrets/KEY")).status, 404);
  assert.is((await ask("PUT", "/v1/workers/shop/secrets/KEY", value, "no")).status, 401);
  assert.is(secrets.size, 0);
});

test("controlApi notes what the operator does, and shows it", async () => {
  const { ask } = api();
  const entries = async (query = ""): Promise<AuditEntry[]> => {
    const response = await ask("GET", `/v1/audit${query}`);
    assert.is(response.status, 200);
    return ((await response.json()) as { entries: AuditEntry[] }).entries;
  };
  const made = await ask("POST", "/v1/tokens", `{ "name": "ci", "accounts": ["acme", "shop"] }`);
  const { info } = (await made.json()) as { info: { id: string } };
  const every = await ask(
    "POST",
    "/v1/tokens",
    `{ "name": "all", "accounts": ["*"], "permissions": ["read"] }`,
  );
  const { info: all } = (await every.json()) as { info: { id: string } };
  await ask("DELETE", `/v1/tokens/${info.id}`);
  await ask("POST", "/v1/workers", uploadToJson(UPLOAD));
  await ask("PUT", "/v1/workers/shop/secrets/KEY?account=acme", "value");
  await ask("DELETE", "/v1/workers/shop/secrets/KEY?account=acme");
  await ask("POST", "/v1/secrets/rotate");
  await ask("DELETE", "/v1/quarantine/bad?account=acme");
  await (await ask("GET", "/v1/workers/shop/tail")).body!.cancel();
  const hash = "1".repeat(32);
  await ask("POST", "/v1/assets/missing?account=acme", JSON.stringify({ "/a.txt": { hash, sizeBytes: 1 } }));
  await ask("DELETE", "/v1/workers/shop");
  const permissions = "read deploy tail secrets";
  const noted = await entries();
  assert.equal(noted.map(({ account, action, target }) => `${account} ${action} ${target}`).toReversed(), [
    `acme token-create ${info.id} ci: ${permissions}`,
    `shop token-create ${info.id} ci: ${permissions}`,
    `* token-create ${all.id} all: read`,
    `acme token-revoke ${info.id} ci: ${permissions}`,
    `shop token-revoke ${info.id} ci: ${permissions}`,
    "default deploy shop v1",
    "acme secret-put shop KEY",
    "acme secret-delete shop KEY",
    "* secrets-rotate k",
    "acme quarantine-lift bad",
    "default tail shop",
    "acme upload-assets 1",
    "default delete shop",
  ]);
  assert.ok(noted.every(({ token, tokenName }) => token === "operator" && tokenName === null));

  // What is refused, or only looks, is no change.
  for (const [method, path, body] of [
    ["POST", "/v1/workers", uploadToJson({ ...UPLOAD, name: "bad" })],
    ["DELETE", "/v1/workers/shop"],
    ["POST", "/v1/tokens", "{}"],
    ["DELETE", `/v1/tokens/${info.id}`],
    ["DELETE", "/v1/quarantine/bad"],
    ["DELETE", "/v1/workers/shop/secrets/KEY"],
    ["POST", "/v1/assets/missing", "{}"],
    ["GET", "/v1/workers"],
    ["GET", "/v1/tokens"],
  ] as const)
    await ask(method, path, body);
  assert.is((await entries()).length, noted.length);

  assert.is((await entries("?limit=2")).length, 2);
  const turned: AuditEntry[] = [];
  for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null;) {
    const page = await ask("GET", `/v1/audit?limit=4&before=${before}`);
    const { entries: some, next } = (await page.json()) as AuditPage;
    assert.ok(some.length >= 1 && some.length <= 4);
    turned.push(...some);
    before = next;
  }
  assert.equal(turned, noted);
  assert.is((await entries("?account=shop")).length, 4);
  assert.is((await entries(`?sinceMs=${noted[0]!.atMs + 1_000_000}`)).length, 0);
  assert.is((await entries(`?sinceMs=${noted.at(-1)!.atMs}`)).length, noted.length);
  for (const query of [
    "limit=0",
    "limit=x",
    "limit=",
    "sinceMs=-1",
    "sinceMs=today",
    "before=0",
    "before=now",
    "account=A%20b",
    "account=",
  ]) {
    const refused = await ask("GET", `/v1/audit?${query}`);
    assert.is(refused.status, 400, query);
    assert.match(await refused.text(), new RegExp(`INVALID_AUDIT_FILTER.*${query.split("=")[0]} is`));
  }
  assert.is((await ask("GET", "/v1/audit", undefined, "other")).status, 401);
});

test("controlApi answers nothing without its token", async () => {
  const { ask, uploads } = api();
  for (const bearer of ["", "Secret", "secret2"]) {
    const response = await ask("POST", "/v1/workers", uploadToJson(UPLOAD), bearer);
    assert.is(response.status, 401);
  }
  assert.is(uploads.size, 0);
  assert.is((await ask("GET", "/nothing", undefined, "x")).status, 401);
  assert.is((await ask("GET", "/nothing")).status, 404);
});

test("controlApi passes on why an upload is refused", async () => {
  const { ask, faults } = api();
  const refused = await ask("POST", "/v1/workers", uploadToJson({ ...UPLOAD, name: "bad" }));
  assert.is(refused.status, 400);
  assert.equal(await refused.json(), { error: { code: "SCRIPT_REFUSED", message: "index.js:1:2: no" } });
  for (const name of ["worse", "stored"]) {
    const failed = await ask("POST", "/v1/workers", uploadToJson({ ...UPLOAD, name }));
    assert.is(failed.status, 500);
    assert.not.match(await failed.text(), /a fault|control\.db|page 7/);
  }
  assert.equal(
    faults.map((error) => (error as Error).message.slice(0, 16)),
    ["a fault", "/data/control.db"],
  );
  for (const body of ["{", "[]", "{}", '{"modules": [{"name": "a"}]}', '{"modules": [null]}']) {
    const response = await ask("POST", "/v1/workers", body);
    assert.is(response.status, 400, body);
    assert.is(((await response.json()) as { error: { code: string } }).error.code, "INVALID_UPLOAD", body);
  }
});

test("writeControlAccess keeps the token for the owner, and readControlAccess says when no host runs", () => {
  const folder = mkdtempSync(join(tmpdir(), "skerry-access-"));
  try {
    assert.throws(
      () => readControlAccess(folder),
      /no host is running on the data folder .*; start one with "skerry serve/,
    );
    const access = { url: "http://127.0.0.1:1", token: newControlToken() };
    writeControlAccess(folder, access);
    assert.equal(readControlAccess(folder), access);
    assert.is(statSync(join(folder, "control.json")).mode & 0o777, 0o600);
    removeControlAccess(folder);
    assert.throws(() => readControlAccess(folder), /no host is running/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("controlApi makes, lists and revokes tokens, whose text is shown once", async () => {
  const { ask } = api();
  const made = await ask("POST", "/v1/tokens", JSON.stringify({ name: "ci", accounts: ["acme"] }));
  assert.is(made.status, 201);
  const { token, info } = (await made.json()) as { token: string; info: { id: string } };
  const listed = await (await ask("GET", "/v1/tokens")).text();
  assert.match(listed, info.id);
  assert.not.match(listed, token);
  assert.is((await ask("DELETE", `/v1/tokens/${info.id}`)).status, 204);
  assert.is((await ask("DELETE", `/v1/tokens/${info.id}`)).status, 404);
  const wrong = await ask("POST", "/v1/tokens", JSON.stringify({ name: "ci", accounts: [] }));
  assert.is(wrong.status, 400);
  assert.match(await wrong.text(), /INVALID_TOKEN_REQUEST.*accounts/);
  assert.is((await ask("POST", "/v1/tokens", "[")).status, 400);
  const text = JSON.stringify({ name: "ci", accounts: ["acme"], permissions: "deploy" });
  const noList = await ask("POST", "/v1/tokens", text);
  assert.is(noList.status, 400);
  assert.match(await noList.text(), /permissions is \\"deploy\\"/);
});

test("the control API keeps contents of static assets, and says which are missing", async () => {
  const { ask } = api();
  const hash = "a".repeat(32);
  const files = JSON.stringify({ "/a.txt": { hash, sizeBytes: 3 } });
  const missing = async (account: string): Promise<unknown> =>
    await (await ask("POST", `/v1/assets/missing?account=${account}`, files)).json();
  assert.equal(await missing("acme"), { missing: [hash] });
  const put = await ask("PUT", `/v1/assets/${hash}?account=acme&type=text%2Fplain`, "abc");
  assert.equal([put.status, await put.json()], [201, { sizeBytes: 3 }]);
  assert.equal(await missing("acme"), { missing: [] });
  assert.equal(await missing("other"), { missing: [hash] });
  for (const [path, body] of [
    ["/v1/assets/xyz", "abc"],
    ["/v1/assets/missing?account=..", files],
    ["/v1/assets/missing", "no JSON"],
    ["/v1/assets/missing", '{"/../a":{}}'],
  ] as const) {
    const refused = await ask(path.includes("missing") ? "POST" : "PUT", path, body);
    assert.is(refused.status, 400);
    assert.is(((await refused.json()) as { error: { code: string } }).error.code, "INVALID_ASSETS");
  }
});

test.run();
