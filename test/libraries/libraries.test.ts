import { test } from "uvu";
import * as assert from "uvu/assert";
import { fakeChatService, fakeKeyServer, fakeObjectStore } from "./fake-services.ts";
import { serveApp } from "./serve-app.ts";

/** Libraries as they come from npm, bundled as a deploy bundles them, on workers in a process cell. */

function post(body: unknown): RequestInit {
  return { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

test("itty-router routes, answers JSON and adds CORS headers", async () => {
  await using app = await serveApp("itty-router.ts");
  const found = await app.ask("/todos/7?tag=x", { headers: { origin: "https://app.example" } });
  assert.equal(JSON.parse(found.text), { id: "7", tag: "x" });
  assert.is(found.headers.get("access-control-allow-origin"), "https://app.example");
  assert.is((await app.ask("/todos", post({ a: 1 }))).status, 201);
  assert.is((await app.ask("/teapot")).status, 418);
  assert.is((await app.ask("/nowhere")).status, 404);
  assert.is((await app.ask("/todos", { method: "OPTIONS" })).status, 204);
});

test("zod accepts what is right and names what is wrong", async () => {
  await using app = await serveApp("zod.ts");
  const order = {
    id: "5d1f6f1e-8a0b-4b7e-9f51-3f4c2f7f7c11",
    email: "a@b.example",
    items: [{ sku: "AB1", count: 2 }],
    when: "2026-01-01T00:00:00Z",
  };
  assert.equal(await app.json("/", post(order)), { ...order, when: Date.UTC(2026, 0, 1) });
  const { issues } = (await app.json(
    "/",
    post({ ...order, email: "nobody", items: [{ sku: "x", count: 0.5 }] }),
  )) as { issues: { path: string }[] };
  assert.equal(
    issues.map(({ path }) => path),
    ["email", "items.0.sku", "items.0.count"],
  );
});

test("nanoid draws from the host's random source", async () => {
  await using app = await serveApp("nanoid.ts");
  const { different, id, digits } = (await app.json()) as { different: number; id: string; digits: string };
  assert.is(different, 1_000);
  assert.match(id, /^[\w-]{21}$/);
  assert.match(digits, /^\d{12}$/);
});

test("jose signs, checks and encrypts tokens, with keys of its own and of a server", async () => {
  await using app = await serveApp("jose.ts");
  const signed = (await app.json("/sign")) as Record<string, string>;
  for (const alg of ["HS256", "RS256", "PS256", "ES256", "ES384", "EdDSA"])
    assert.is(signed[alg], "admin JWSSignatureVerificationFailed", alg);
  const encrypted = (await app.json("/encrypt")) as Record<string, string>;
  for (const alg of ["dir", "A256KW", "A256GCMKW", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A256KW"])
    assert.is(encrypted[alg], "sealed", alg);
  await using keys = await fakeKeyServer();
  assert.is(await app.json(`/remote?keys=${encodeURIComponent(`${keys.origin}/jwks`)}`), "afar");
});

test("graphql-yoga answers queries, mutations, subscriptions and errors", async () => {
  await using app = await serveApp("graphql-yoga.ts");
  const ask = (query: string): Promise<unknown> => app.json("/graphql", post({ query }));
  assert.equal(await ask('{ hello(name: "graph") books { title } }'), {
    data: { hello: "hello graph", books: [{ title: "Staying Warm" }] },
  });
  assert.equal(await ask('mutation { add(title: "A", author: "B") { author } }'), {
    data: { add: { author: "B" } },
  });
  assert.match(JSON.stringify(await ask("{ absent }")), /Cannot query field/);
  const stream = await app.ask("/graphql", {
    ...post({ query: "subscription { count(to: 3) }" }),
    headers: { "content-type": "application/json", accept: "text/event-stream" },
  });
  assert.equal(
    [...stream.text.matchAll(/"count":(\d)/g)].map(([, count]) => count),
    ["1", "2", "3"],
  );
});

test("kysely builds SQL", async () => {
  await using app = await serveApp("kysely.ts");
  assert.equal(await app.json(), {
    select: [
      'select "person"."name", "pet"."species", count(*) as "pets" from "person" inner join "pet" on "pet"."owner" = "person"."id" where "pet"."species" = ? and ("age" > ? or "age" is null) group by "person"."id"',
      ["cat", 3],
    ],
    insert: ['insert into "person" ("id", "name", "age") values (?, ?, ?) returning "id"', [1, "Ada", null]],
    rows: [],
  });
});

test("drizzle builds SQL and maps rows", async () => {
  await using app = await serveApp("drizzle.ts");
  const { built, asked, rows } = (await app.json()) as { built: unknown; asked: unknown[]; rows: unknown };
  assert.equal(built, {
    sql: 'select "id", "name", "age" from "users" where ("users"."name" = ? and "users"."age" > ?)',
    params: ["Ada", 30],
  });
  assert.is(asked.length, 1);
  assert.equal(rows, [{ id: 1, name: "Ada", age: 36 }]);
});

test("openai's client reads a whole answer, a stream and an error", async () => {
  await using service = await fakeChatService();
  await using app = await serveApp("openai.ts", { ENDPOINT: `${service.origin}/v1` });
  assert.equal(await app.json(), { whole: "hello", streamed: "hello", refused: 404 });
  assert.is(service.seen[0]?.headers.authorization, "Bearer sk-test");
});

test("cheerio reads and changes a document", async () => {
  await using app = await serveApp("cheerio.ts");
  const html = "<title>T</title><p><a href='http://a.example'>out</a> <a href='/b'>in</a></p>";
  assert.equal(await app.json("/", { method: "POST", body: html }), {
    links: ["out", "in"],
    title: "T",
    html: '<a href="http://a.example" rel="nofollow" class="out">out</a> <a href="/b">in</a>',
  });
});

test("linkedom gives a document", async () => {
  await using app = await serveApp("linkedom.ts");
  const { text } = await app.ask("/", {
    method: "POST",
    body: "<html><body><ul><li>one</li></ul></body></html>",
  });
  assert.is(text, "<ul><li>one</li><li>three</li></ul>");
});

test("react renders to a stream, what is late included", async () => {
  await using app = await serveApp("react.tsx");
  const { text, headers } = await app.ask("/?name=edge");
  assert.is(headers.get("content-type"), "text/html");
  assert.match(text, /<h1>Hello <!-- -->edge<\/h1>/);
  assert.match(text, /<i>loading<\/i>/);
  assert.match(text, /<b>came later<\/b>/);
});

test("the S3 client signs, puts and gets", async () => {
  await using store = await fakeObjectStore();
  await using app = await serveApp("aws-s3.ts", { ENDPOINT: store.origin });
  assert.equal(await app.json(), { etag: '"one"', type: "text/plain", body: "hello store" });
  assert.match(
    String(store.seen[0]?.headers.authorization),
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/auto\/s3\/aws4_request, SignedHeaders=.*, Signature=[0-9a-f]{64}$/,
  );
});

test.run();
