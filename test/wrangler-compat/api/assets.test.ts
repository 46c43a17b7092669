import { test } from "uvu";
import * as assert from "uvu/assert";
import { UploadSessions } from "../../../wrangler-compat/api/assets/upload-sessions.ts";
import type { TokenInfo } from "../../../src/index.ts";
import { ApiFixture, type Envelope, uploadForm } from "./api-fixture.ts";

const A = "/accounts/acme";
const SCRIPT = `${A}/workers/scripts/site`;
const SESSION = `${SCRIPT}/assets-upload-session`;
const UPLOAD = `${A}/workers/assets/upload`;
const CODE = `export default { fetch: (request, env) => new Response(Object.keys(env).join()) }`;

type Manifest = Record<string, { readonly hash: unknown; readonly size: unknown }>;

function hashOf(digit: string | number): string {
  return String(digit).repeat(32).slice(0, 32);
}

function contents(entries: Readonly<Record<string, Uint8Array | string>>, type = "text/html"): FormData {
  const form = new FormData();
  for (const [hash, content] of Object.entries(entries)) {
    const text = typeof content === "string" ? content : Buffer.from(content).toString("base64");
    form.append(hash, new File([text], hash, { type }));
  }
  return form;
}

async function begin(api: ApiFixture, manifest: Manifest): Promise<{ jwt: string; buckets: string[][] }> {
  const answer = await api.ask("POST", SESSION, { manifest });
  assert.is(answer.status, 200, JSON.stringify(answer.errors));
  return answer.result;
}

async function send(api: ApiFixture, form: FormData, jwt: string): Promise<Envelope> {
  return await api.ask("POST", `${UPLOAD}?base64=true`, form, jwt);
}

function assetsForm(metadata: object): FormData {
  const form = new FormData();
  form.set("metadata", JSON.stringify({ compatibility_date: "2026-07-01", ...metadata }));
  return form;
}

test("cloudflareApi takes contents that are missing, once, and then the version that has them", async () => {
  await using api = await ApiFixture.make();
  const manifest = {
    "/index.html": { hash: hashOf(1), size: 5 },
    "/about us.html": { hash: hashOf(1), size: 5 },
    "/a.bin": { hash: hashOf(2), size: 3 },
    "/empty": { hash: hashOf(3), size: 0 },
  };
  const { jwt, buckets } = await begin(api, manifest);
  assert.equal(buckets.flat().toSorted(), [1, 2, 3].map(hashOf));
  const claims = JSON.parse(Buffer.from(jwt.split(".")[1]!, "base64").toString()) as { exp: number };
  assert.ok(claims.exp > Date.now() / 1_000);
  const bytes = Uint8Array.of(0, 255, 7);
  const first = await send(api, contents({ [hashOf(1)]: Buffer.from("hello") }), jwt);
  assert.equal([first.status, first.result.jwt], [200, null]);
  // A client that heard no answer asks again.
  assert.is((await send(api, contents({ [hashOf(1)]: Buffer.from("hello") }), jwt)).status, 200);
  const last = await send(api, contents({ [hashOf(2)]: bytes, [hashOf(3)]: "" }, "application/null"), jwt);
  assert.type(last.result.jwt, "string");
  const config = {
    html_handling: "none",
    not_found_handling: "404-page",
    run_worker_first: ["/api/*"],
    _headers: "/*\n  X-A: b\n",
    _redirects: "/old /new 301\n",
  };
  const form = uploadForm(CODE, {
    assets: { jwt: last.result.jwt, config },
    bindings: [{ name: "ASSETS", type: "assets" }],
  });
  const put = await api.ask("PUT", SCRIPT, form);
  assert.is(put.status, 200, JSON.stringify(put.errors));
  const [version] = api.host.control.versions("site", "acme");
  assert.equal(version!.assets, {
    fileCount: 4,
    sizeBytes: 13,
    config: { htmlHandling: "none", notFoundHandling: "404-page", runWorkerFirst: ["/api/*"] },
    binding: "ASSETS",
  });
  assert.equal((await api.ask("GET", `${SCRIPT}/settings`)).result.bindings, [
    { name: "ASSETS", type: "assets" },
  ]);
  // Nothing is missing any more: the first token is the last one.
  const again = await begin(api, { "/new.html": { hash: hashOf(1), size: 5 } });
  assert.equal(again.buckets, []);
  const bindings = [{ name: "ASSETS", type: "inherit" }];
  const second = await api.ask("POST", `${SCRIPT}/versions`, uploadForm(CODE, { assets: again, bindings }));
  assert.is(second.status, 200, JSON.stringify(second.errors));
  assert.is(api.host.control.versions("site", "acme")[0]!.assets?.fileCount, 1);
  const kept = await api.ask("POST", `${SCRIPT}/versions`, uploadForm(CODE, { keep_assets: true, bindings }));
  assert.is(kept.status, 200, JSON.stringify(kept.errors));
  assert.is(api.host.control.versions("site", "acme")[0]!.assets?.fileCount, 1);
});

test("cloudflareApi takes workers that are assets alone", async () => {
  await using api = await ApiFixture.make();
  const { jwt } = await begin(api, {});
  assert.is((await api.ask("PUT", SCRIPT, assetsForm({ assets: { jwt, config: {} } }))).status, 200);
  assert.is(api.host.control.versions("site", "acme")[0]!.hasCode, false);
  const form = assetsForm({ assets: { jwt } });
  form.set("index.js", new File([CODE], "index.js", { type: "application/javascript+module" }));
  const refused = await api.ask("PUT", SCRIPT, form);
  assert.equal([refused.status, refused.errors[0]?.message.includes('"index.js"')], [400, true]);
});

test("cloudflareApi sends large contents one by one, as they are", async () => {
  await using api = await ApiFixture.make();
  const large = new Uint8Array(3 * 1024 * 1024).fill(7);
  const { jwt, buckets } = await begin(api, {
    "/large.bin": { hash: hashOf(1), size: large.length },
    "/other.bin": { hash: hashOf(2), size: large.length },
  });
  assert.is(buckets.length, 1);
  const claims = JSON.parse(Buffer.from(jwt.split(".")[1]!, "base64").toString()) as object;
  assert.is(Object(claims).wrangler_single_asset_uploads, true);
  const raw = async (hash: string, body: Uint8Array<ArrayBuffer>): Promise<Envelope> => {
    const headers = { "content-type": "application/wasm" };
    const response = await api.raw("POST", `${UPLOAD}/${hash}`, { body, headers }, jwt);
    return { status: response.status, ...((await response.json()) as Omit<Envelope, "status">) };
  };
  for (const size of [0, large.length - 1, large.length + 1]) {
    const wrong = await raw(hashOf(1), new Uint8Array(size));
    assert.equal([wrong.status, wrong.errors[0]?.code], [400, 10304]);
  }
  assert.is((await raw(hashOf(3), large)).status, 400);
  assert.is((await raw(hashOf(1), large)).result.jwt, null);
  assert.type((await raw(hashOf(2), large)).result.jwt, "string");
  assert.is(await api.host.control.assets.usedBytes("acme"), 2 * (large.length + 4_096));
});

test("cloudflareApi refuses lists of files that are wrong, and stores nothing", async () => {
  await using api = await ApiFixture.make();
  const file = { hash: hashOf(1), size: 1 };
  const many = (count: number): Manifest =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`/${n}.html`, file]));
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [{ manifest: many(100_000) }, /at most 20000/],
    [{ manifest: [] }, /"manifest"/],
    [{ manifest: null }, /"manifest"/],
    [[], /"manifest"/],
    [{ manifest: { "a.html": file } }, /must begin with \//],
    [{ manifest: { "/../a.html": file } }, /segments/],
    [{ manifest: { "/%2e%2e/a.html": file } }, /segments/],
    [{ manifest: { "/a\\b": file } }, /backslash/],
    [{ manifest: { "/a%2fb": file } }, /encoded slash/],
    [{ manifest: { "/a\0b": file } }, /control characters/],
    [{ manifest: { [`/${"x".repeat(2_000)}`]: file } }, /at most 1024 bytes/],
    [{ manifest: { "/": file } }, /name of a file/],
    [{ manifest: { "/a": { hash: "nope", size: 1 } } }, /32 lower-case hex/],
    [{ manifest: { "/a": { hash: hashOf("A"), size: 1 } } }, /32 lower-case hex/],
    [{ manifest: { "/a": { hash: hashOf(1), size: -1 } } }, /0 to/],
    [{ manifest: { "/a": { hash: hashOf(1), size: 26 * 1024 * 1024 } } }, /0 to/],
    [{ manifest: { "/a": null } }, /hash/],
    [{ manifest: { "/a": file, "/b": { hash: hashOf(1), size: 2 } } }, /one hash is one content/],
  ];
  for (const [body, expected] of refused) {
    const answer = await api.ask("POST", SESSION, body);
    assert.is(answer.status, 400, String(expected));
    assert.match(answer.errors[0]!.message, expected);
    assert.ok(answer.errors[0]!.message.length < 4_000);
  }
  const deep = `{"manifest":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  assert.is((await api.raw("POST", SESSION, { body: deep })).status, 400);
  assert.is((await api.raw("POST", SESSION, { body: new Uint8Array(17 * 1024 * 1024) })).status, 413);
  assert.is(await api.host.control.assets.usedBytes("acme"), 0);
});

test("cloudflareApi refuses contents that nobody announced, of other sizes, and cut forms", async () => {
  await using api = await ApiFixture.make();
  const { jwt } = await begin(api, {
    "/a": { hash: hashOf(1), size: 4 },
    "/b": { hash: hashOf(2), size: 4 },
  });
  const text = new FormData();
  text.set(hashOf(1), "AAAAAA==");
  const refused: readonly (readonly [FormData, RegExp])[] = [
    [contents({ [hashOf(9)]: Buffer.from("four") }), /none of those/],
    [contents({ constructor: Buffer.from("four") }), /none of those/],
    [contents({ [hashOf(1)]: Buffer.from("three") }), /has 5 bytes/],
    [contents({ [hashOf(1)]: "AAAA" }), /has 3 bytes/],
    [contents({ [hashOf(1)]: "AA*A!A==" }), /no base64/],
    [contents({ [hashOf(1)]: "AAAAA" }), /no base64/],
    [text, /no file/],
    [new FormData(), /whole multipart form|no contents/],
  ];
  for (const [form, expected] of refused) {
    const answer = await send(api, form, jwt);
    assert.is(answer.status, 400, String(expected));
    assert.match(answer.errors[0]!.message, expected);
  }
  const whole = new Response(contents({ [hashOf(1)]: Buffer.from("four") }));
  const type = whole.headers.get("content-type")!;
  const bytes = await whole.bytes();
  const cut = { body: bytes.slice(0, -20), headers: { "content-type": type } };
  assert.is((await api.raw("POST", `${UPLOAD}?base64=true`, cut, jwt)).status, 400);
  assert.is((await api.ask("POST", UPLOAD, contents({ [hashOf(1)]: Buffer.from("four") }), jwt)).status, 400);
  assert.is(await api.host.control.assets.usedBytes("acme"), 0);
  // What is there of a form that is refused half-way stays, and need not be sent again.
  const half = contents({ [hashOf(1)]: Buffer.from("four"), [hashOf(2)]: "AA*AAA==" });
  assert.is((await send(api, half, jwt)).status, 400);
  assert.equal((await begin(api, { "/a": { hash: hashOf(1), size: 4 } })).buckets, []);
});

test("cloudflareApi opens uploads to their own tokens, accounts and workers, and to no others", async () => {
  await using api = await ApiFixture.make();
  const file = { "/a": { hash: hashOf(1), size: 4 } };
  const form = (): FormData => contents({ [hashOf(1)]: Buffer.from("four") });
  const { jwt } = await begin(api, file);
  const [head, payload, mac] = jwt.split(".");
  const forged = JSON.parse(Buffer.from(payload!, "base64url").toString()) as object;
  const longer = Buffer.from(JSON.stringify({ ...forged, exp: 9e9 })).toString("base64url");
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  const asked: readonly (readonly [string | undefined, string, number])[] = [
    [undefined, UPLOAD, 401],
    [api.tokenFor("acme"), UPLOAD, 401],
    [`${head}.${longer}.${mac}`, UPLOAD, 401],
    [`${none}.${longer}.`, UPLOAD, 401],
    [`${jwt}.x`, UPLOAD, 401],
    ["a.b.c", UPLOAD, 401],
    [jwt, UPLOAD.replace("acme", "evil"), 404],
  ];
  for (const [token, path, status] of asked)
    assert.is(
      (await api.ask("POST", `${path}?base64=true`, form(), token)).status,
      status,
      `${token} ${path}`,
    );
  // It is for contents alone.
  assert.is((await api.ask("GET", `${A}/workers/scripts`, undefined, jwt)).status, 401);
  const reader = api.tokenFor("acme", ["read"]);
  assert.is((await api.ask("POST", SESSION, { manifest: file }, reader)).status, 403);
  const upload = async (token: unknown, script = SCRIPT, as?: string): Promise<Envelope> =>
    await api.ask("PUT", script, uploadForm(CODE, { assets: { jwt: token } }), as);
  // Not complete yet.
  assert.match((await upload(jwt)).errors[0]!.message, /no token of a complete/);
  const done = (await send(api, form(), jwt)).result.jwt as string;
  for (const token of [undefined, 5, "", "x", api.tokenFor("acme")])
    assert.is((await upload(token)).status, 400);
  assert.is((await upload(done, SCRIPT.replace("site", "other"))).status, 400);
  const evil = api.tokenFor("evil");
  assert.is((await upload(done, SCRIPT.replace("acme", "evil"), evil)).status, 400);
  assert.equal(api.host.control.workers("acme"), []);
  assert.is((await upload(done)).status, 200);
  // Another account has to put the same content itself.
  const theirs = await api.ask("POST", SESSION.replace("acme", "evil"), { manifest: file }, evil);
  assert.equal(theirs.result.buckets, [[hashOf(1)]]);
  // A token that is revoked takes its uploads with it.
  const begun = await begin(api, { "/b": { hash: hashOf(2), size: 4 } });
  for (const { id } of api.host.control.tokens.list()) api.host.control.tokens.revoke(id);
  const late = await send(api, contents({ [hashOf(2)]: Buffer.from("four") }), begun.jwt);
  assert.is(late.status, 401);
});

test("cloudflareApi refuses metadata of assets that is wrong", async () => {
  await using api = await ApiFixture.make();
  const { jwt } = await begin(api, {});
  const asset = { name: "ASSETS", type: "assets" };
  for (const [metadata, expected] of [
    [{ assets: [] }, /metadata\.assets must be an object/],
    [{ assets: "x" }, /metadata\.assets must be an object/],
    [{ assets: { jwt, config: [] } }, /config is no object/],
    [{ assets: { jwt, config: { unheard_of: 1 } } }, /unheard_of/],
    [{ assets: { jwt, config: { html_handling: "some" } } }, /htmlHandling is "some"/],
    [{ assets: { jwt, config: { _headers: 5 } } }, /headers/],
    [{ assets: { jwt }, bindings: [asset, { ...asset, name: "B" }] }, /"ASSETS" and "B"/],
    [{ bindings: [asset] }, /"ASSETS".*the upload has none/],
    [{ keep_assets: true, main_module: undefined }, /no version with assets/],
  ] as const) {
    const answer = await api.ask("PUT", SCRIPT, uploadForm(CODE, metadata));
    assert.is(answer.status, 400, JSON.stringify(metadata));
    if (!("main_module" in metadata)) assert.match(answer.errors[0]!.message, expected);
  }
  assert.equal(api.host.control.workers("acme"), []);
});

test("UploadSessions end after an hour, and the oldest give way to new ones", () => {
  let nowMs = 1_000_000;
  const sessions = new UploadSessions(() => nowMs);
  const token = { id: "t" } as TokenInfo;
  const start = (account: string, count = 1): string => {
    const files = Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`/${n}`, { hash: hashOf(1), sizeBytes: 1 }]),
    );
    const session = sessions.begin({ account, worker: "w", token, files, sizes: new Map() });
    return sessions.tokenOf(session);
  };
  const first = start("a");
  const other = start("b");
  assert.is(sessions.completed(first, "a", "w").account, "a");
  for (let n = 0; n < 50; n++) start("a");
  assert.is(sessions.find(first), undefined);
  assert.ok(sessions.find(other));
  const large = start("a", 60_000);
  const larger = start("a", 60_000);
  assert.is(sessions.find(large), undefined);
  assert.ok(sessions.find(larger));
  nowMs += 3_600_001;
  for (const late of [other, larger]) assert.is(sessions.find(late), undefined);
  assert.throws(() => sessions.completed(larger, "a", "w"), /deploy again/);
});

test("a manifest with more members than its files could have is refused before it is parsed", async () => {
  await using api = await ApiFixture.make();
  const members = Array.from({ length: 200_000 }, (_, n) => `"a${n}":1`).join();
  const response = await api.raw("POST", SESSION, { body: `{"manifest":{${members}}}` });
  assert.is(response.status, 400);
  assert.match(await response.text(), "more files than a version may have");
});

test("sessions whose paths are long give way to newer ones of the account", () => {
  const sessions = new UploadSessions();
  const begin = (account: string, path: string): string => {
    const files = {
      [`/${path.repeat(9 * 1024 * 1024)}`]: { hash: hashOf(1), sizeBytes: 1, contentType: null },
    };
    const session = sessions.begin({ account, worker: "w", token: {} as TokenInfo, files, sizes: new Map() });
    return sessions.tokenOf(session);
  };
  const old = begin("acme", "a");
  const others = begin("else", "a");
  const newer = begin("acme", "b");
  assert.is(sessions.find(old), undefined);
  assert.ok(sessions.find(newer));
  assert.ok(sessions.find(others));
});

test.run();
