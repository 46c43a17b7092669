import { test } from "uvu";
import * as assert from "uvu/assert";
import { ApiFixture, type Envelope, uploadForm } from "./api-fixture.ts";

const A = "/accounts/acme";
const SCRIPT = `${A}/workers/scripts/shop`;
const CODE = "export default { fetch() {} }";

async function spaceOf(api: ApiFixture): Promise<string> {
  const { result } = await api.ask("POST", `${A}/storage/kv/namespaces`, { title: "space" });
  return `${A}/storage/kv/namespaces/${result.id}`;
}

function deep(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

async function put(api: ApiFixture, metadata: string): Promise<Envelope> {
  const form = uploadForm(CODE);
  form.set("metadata", metadata);
  return await api.ask("PUT", SCRIPT, form);
}

test("cloudflareApi reads no form of more than 2,000 parts", async () => {
  await using api = await ApiFixture.make();
  const form = uploadForm(CODE);
  for (let n = 0; n < 2_100; n++)
    form.append(`m${n}.txt`, new File(["x"], `m${n}.txt`, { type: "text/plain" }));
  const { status, errors } = await api.ask("PUT", SCRIPT, form);
  assert.equal([status, errors[0]?.message], [400, "The form has too many parts: at most 2000"]);
});

test("cloudflareApi refuses metadata and settings that are too much, in short words", async () => {
  await using api = await ApiFixture.make();
  const many = (count: number): unknown[] =>
    Array.from({ length: count }, (_, n) => ({ name: `B${n}`, type: "plain_text", text: "x" }));
  const metadata = (more: Record<string, unknown>): string =>
    JSON.stringify({ main_module: "index.js", ...more });
  const refused: readonly [string, RegExp][] = [
    [metadata({ bindings: many(100_000) }), /bindings must be a list of at most 1000/],
    [
      metadata({ bindings: [...many(600), ...many(400).map((b) => ({ ...Object(b), name: "-" }))] }),
      /twice|and \d+ more/,
    ],
    [
      metadata({ bindings: [{ name: "A", type: "plain_text", text: "x".repeat(2_000_000) }] }),
      /vars has \d+ characters/,
    ],
    [`{"main_module":"index.js","observability":${deep(100_000)}}`, /settings/],
    [metadata({ tags: ["x".repeat(100_000)] }), /settings/],
    [metadata({ compatibility_flags: Array.from({ length: 500 }, () => "a") }), /compatibilityFlags/],
  ];
  for (const [text, expected] of refused) {
    const { status, errors } = await put(api, text);
    assert.is(status, 400, `${expected}: ${JSON.stringify(errors).slice(0, 200)}`);
    assert.match(errors[0]!.message, expected);
    assert.ok(errors[0]!.message.length < 20_000, String(errors[0]!.message.length));
  }
  assert.equal(api.host.control.workers("acme"), []);
});

test("cloudflareApi keeps what is in force where settings are refused", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  await api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true });
  const before = JSON.stringify(api.host.control.workers("acme"));
  for (const [method, path, body] of [
    [
      "PUT",
      "/routes",
      JSON.stringify(Array.from({ length: 1_001 }, (_, n) => ({ pattern: `h${n}.test/*` }))),
    ],
    ["PATCH", "/script-settings", JSON.stringify({ tags: ["x".repeat(100_000)] })],
    ["PATCH", "/script-settings", `{"observability":${deep(100_000)}}`],
    ["PATCH", "/script-settings", `{"tags":"${"x".repeat(2_000_000)}"}`],
    ["PUT", "/schedules", JSON.stringify([{ cron: `${"1,".repeat(1_000)}1 * * * *` }])],
    ["PUT", "/domains/records", `{"origins":[{"hostname":"a b"}]}`],
    ["POST", "/deployments", `{"strategy":"percentage","versions":[null]}`],
    ["POST", "/deployments", `{"strategy":"percentage","versions":{}}`],
    ["POST", "/deployments", `{"strategy":{},"versions":[]}`],
    ["POST", "/deployments", `{"versions":[{"version_id":"x","percentage":"100"}]}`],
    [
      "POST",
      "/deployments",
      JSON.stringify({ versions: Array.from({ length: 100 }, () => ({ version_id: "x", percentage: 1 })) }),
    ],
  ] as const) {
    const response = await api.raw(method, SCRIPT + path, { body });
    assert.ok(
      [400, 413].includes(response.status),
      `${path} ${body.slice(0, 60)}: ${response.status} ${await response.text()}`,
    );
  }
  assert.is(JSON.stringify(api.host.control.workers("acme")), before);
});

test("cloudflareApi bounds what is written and read of KV at once, and names what is no key", async () => {
  await using api = await ApiFixture.make();
  const space = await spaceOf(api);
  const large = new Uint8Array(20_000_000);
  for (const key of ["a", "b"])
    assert.is((await api.raw("PUT", `${space}/values/${key}`, { body: large })).status, 200);
  assert.is((await api.ask("POST", `${space}/bulk/get`, { keys: ["a", "b"] })).status, 413);
  assert.is((await api.raw("PUT", `${space}/values/c`, { body: new Uint8Array(30_000_000) })).status, 413);
  for (const [method, path, body] of [
    ["POST", "/bulk/get", { keys: [1] }],
    ["POST", "/bulk/delete", [null]],
    ["PUT", "/bulk", [null]],
    ["PUT", "/bulk", [{ key: "k", value: "v", expiration_ttl: "soon" }]],
    ["PUT", "/bulk", [{ key: "", value: "v" }]],
  ] as const) {
    const { status, errors } = await api.ask(method, space + path, body);
    assert.is(status, 400, `${path} ${JSON.stringify(body)} ${JSON.stringify(errors)}`);
  }
  assert.is((await api.ask("GET", `${space}/keys?limit=many`)).status, 400);
  const answer = await api.ask("POST", `${space}/bulk/get`, { keys: ["__proto__"] });
  assert.equal([answer.status, Object.keys(answer.result.values)], [200, ["__proto__"]]);
});

test("cloudflareApi takes no more bodies at once than its memory is for", async () => {
  await using api = await ApiFixture.make();
  const ends: (() => void)[] = [];
  const slow = async (): Promise<number> => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(100 * 1024 * 1024));
        ends.push(() => controller.close());
      },
    });
    const headers = { "content-type": "multipart/form-data; boundary=b" };
    return (await api.raw("PUT", SCRIPT, { body, headers, duplex: "half" } as RequestInit)).status;
  };
  const answers = [slow(), slow(), slow()];
  assert.is(await Promise.race(answers), 429);
  for (const end of ends.slice(0, 2)) end();
  assert.equal((await Promise.all(answers)).toSorted(), [400, 400, 429]);
  assert.is((await api.ask("PUT", SCRIPT, uploadForm(CODE))).status, 200);
});

test("cloudflareApi loses nothing of what clients change at the same time", async () => {
  await using api = await ApiFixture.make();
  await api.ask("PUT", SCRIPT, uploadForm(CODE));
  const answers = await Promise.all([
    api.ask("POST", `${SCRIPT}/subdomain`, { enabled: true }),
    api.ask("PUT", `${SCRIPT}/routes`, [{ pattern: "a.test/*" }]),
    api.ask("PUT", `${SCRIPT}/domains/records`, { origins: [{ hostname: "b.test" }] }),
    api.ask("PATCH", `${SCRIPT}/script-settings`, { tags: ["t"] }),
    api.ask("PUT", SCRIPT, uploadForm(CODE, { logpush: true })),
  ]);
  for (const { status, errors } of answers) assert.is(status, 200, JSON.stringify(errors));
  const { routes, settings } = api.host.control.worker("shop", "acme")!;
  assert.equal(routes, ["a.test/*", "b.test/*", "shop.acme.localhost/*", "{version}-shop.acme.localhost/*"]);
  const { subdomain, tags, logpush } = settings["cloudflare"] as Record<string, unknown>;
  assert.equal([subdomain, tags, logpush], [true, ["t"], true]);
});

test.run();
