import { createHash, randomBytes } from "node:crypto";
import { readdirSync, truncateSync, utimesSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AssetConfig, WorkerUpload } from "../../src/index.ts";
import { putFiles } from "../assets/put-files.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { CELLS, closeHosts, type Fixture, makeHost, until } from "./fixture.ts";

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Asks over a socket, as the path is written. */
function ask(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { port, host: "127.0.0.1", path, method, headers: { host: "site.test", ...headers } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part)).on("error", reject);
        answer.on("end", () =>
          resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) }),
        );
      },
    );
    sent.on("error", reject).end();
  });
}

const FILES = {
  "/index.html": "<h1>home</h1>",
  "/about.html": "<h1>about</h1>",
  "/docs/index.html": "<h1>docs</h1>",
  "/docs/404.html": "<h1>no such page of the docs</h1>",
  "/404.html": "<h1>no such page</h1>",
  "/app.js": "console.log(1)".repeat(20),
  "/ü ber.txt": "über",
  "/empty.txt": "",
};

/** A worker that says that it ran, and asks the assets where its path says so. */
const WORKER = `export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname.startsWith("/via/")) {
      const answer = await env.ASSETS.fetch(new URL(url.pathname.slice(4) + url.search, url), request);
      return new Response(answer.body, { status: answer.status, headers: [...answer.headers, ["x-via", answer.url]] });
    }
    return new Response("worker " + request.method + " " + url.pathname + url.search);
  },
};`;

async function deploySite(
  at: Fixture,
  config: AssetConfig = {},
  more: Partial<WorkerUpload> = {},
): Promise<number> {
  const files = await putFiles(at.host, FILES);
  await at.host.deploy({ name: "site", routes: ["site.test/*"], assets: { files, config }, ...more });
  return (await at.host.listen({ port: 0 })).port;
}

const CODE = { main: "i.js", modules: [{ name: "i.js", type: "esm", content: WORKER }] } as const;

test("a worker with assets only serves them, wakes no isolate, and is counted", async () => {
  await using at = await makeHost();
  const port = await deploySite(at);
  const home = await ask(port, "/");
  assert.is(home.status, 200);
  assert.is(home.body.toString(), FILES["/index.html"]);
  assert.is(home.headers["content-type"], "text/html; charset=utf-8");
  assert.is(home.headers["cache-control"], "public, max-age=0, must-revalidate");
  assert.match(home.headers.etag!, /^"[0-9a-f]{32}"$/);
  assert.is((await ask(port, "/about.html?x=1")).headers.location, "/about?x=1");
  assert.is((await ask(port, "/about")).body.toString(), FILES["/about.html"]);
  assert.is((await ask(port, "/docs")).status, 307);
  assert.is((await ask(port, "/%C3%BC%20ber.txt")).body.toString(), "über");
  assert.is((await ask(port, "/empty.txt")).headers["content-length"], "0");
  const missing = await ask(port, "/nothing");
  assert.equal([missing.status, missing.body.length], [404, 0]);
  const posted = await ask(port, "/about", {}, "POST");
  assert.equal([posted.status, posted.body.length], [405, 0]);
  const { isolates, requests, outcomes, coldStarts, warmHits } = (await at.host.stats()).workers[0]!;
  assert.equal([isolates, requests, coldStarts, warmHits], [0, 8, 0, 0]);
  assert.equal(outcomes, { ok: 8 });
  assert.ok(at.events.every(({ isAsset, cpuMs, kind }) => isAsset === true && cpuMs > 0 && kind === "fetch"));
  assert.is(await at.host.worker("site")!.scheduled({ cron: "* * * * *" }), "scriptNotFound");
});

test("HEAD, conditional and range requests get what RFC 9110 says", async () => {
  await using at = await makeHost();
  const port = await deploySite(at);
  const text = FILES["/app.js"];
  const { headers } = await ask(port, "/app.js");
  const etag = headers.etag!;
  const head = await ask(port, "/app.js", {}, "HEAD");
  assert.equal(
    [head.status, head.headers["content-length"], head.body.length],
    [200, String(text.length), 0],
  );
  for (const tags of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
    const same = await ask(port, "/app.js", { "if-none-match": tags });
    // Each form of a file has a strong tag of its own.
    assert.equal([same.status, same.headers.etag, same.body.length], [304, etag, 0], tags);
  }
  assert.is((await ask(port, "/app.js", { "if-none-match": '"x"' })).status, 200);
  const part = await ask(port, "/app.js", { range: "bytes=8-10" });
  assert.equal([part.status, part.body.toString()], [206, "log"]);
  assert.is(part.headers["content-range"], `bytes 8-10/${text.length}`);
  assert.is(part.headers["content-length"], "3");
  assert.is((await ask(port, "/app.js", { range: "bytes=-3" })).body.toString(), text.slice(-3));
  assert.is((await ask(port, "/app.js", { range: "bytes=0-1", "if-range": etag })).status, 206);
  assert.is((await ask(port, "/app.js", { range: "bytes=0-1", "if-range": '"other"' })).status, 200);
  assert.is((await ask(port, "/app.js", { range: "lines=1" })).status, 200);
  const beyond = await ask(port, "/app.js", { range: "bytes=9999-" });
  assert.equal([beyond.status, beyond.headers["content-range"]], [416, `bytes */${text.length}`]);
});

test("_headers and _redirects hold for what is served", async () => {
  await using at = await makeHost();
  const port = await deploySite(at, {
    headers: "/*\n  X-Frame-Options: DENY\n  ! ETag\n/docs/*\n  Cache-Control: max-age=60\n  X-Rest: :splat",
    redirects:
      "/old/* /docs/:splat 301\n/gone https://other.test/x 308\n/pretty/:name /:name 200\n/no /nothing 200",
  });
  const docs = await ask(port, "/docs/");
  assert.is(docs.headers["x-frame-options"], "DENY");
  assert.is(docs.headers["cache-control"], "max-age=60");
  assert.is(docs.headers["x-rest"], "");
  assert.is(docs.headers.etag, undefined);
  const old = await ask(port, "/old/a/b?x=1");
  assert.equal([old.status, old.headers.location], [301, "/docs/a/b?x=1"]);
  assert.is(old.headers["x-frame-options"], "DENY");
  assert.is((await ask(port, "/old//evil.test")).headers.location, "/docs/evil.test");
  assert.is((await ask(port, "/gone")).headers.location, "https://other.test/x");
  assert.is((await ask(port, "/pretty/about")).body.toString(), FILES["/about.html"]);
  assert.is((await ask(port, "/no")).status, 404);
});

test("notFoundHandling gives the nearest 404 page, or the application", async () => {
  await using at = await makeHost();
  const port = await deploySite(at, { notFoundHandling: "404-page" });
  const nearest = await ask(port, "/docs/x/y");
  assert.equal([nearest.status, nearest.body.toString()], [404, FILES["/docs/404.html"]]);
  assert.is((await ask(port, "/x")).body.toString(), FILES["/404.html"]);
  const spa = await deploySite(at, { notFoundHandling: "single-page-application" });
  const deep = await ask(spa, "/some/view");
  assert.equal([deep.status, deep.body.toString()], [200, FILES["/index.html"]]);
});

for (const cell of CELLS) {
  test(`a worker runs where no asset fits, and asks assets itself (${cell})`, async () => {
    await using at = await makeHost({ cell });
    const files = await putFiles(at.host, FILES);
    const assets = { files, binding: "ASSETS" };
    await at.host.deploy({ name: "site", routes: ["site.test/*"], assets, ...CODE });
    const { port } = await at.host.listen({ port: 0 });
    assert.is((await ask(port, "/about")).body.toString(), FILES["/about.html"]);
    assert.is((await ask(port, "/api/x?y=1", {}, "POST")).body.toString(), "worker POST /api/x?y=1");
    assert.is((await ask(port, "/about", {}, "POST")).status, 405);
    const via = await ask(port, "/via/app.js");
    assert.equal([via.status, via.body.toString()], [200, FILES["/app.js"]]);
    assert.is(via.headers["content-type"], "text/javascript; charset=utf-8");
    assert.is((await ask(port, "/via/app.js", { "if-none-match": via.headers.etag! })).status, 304);
    assert.is((await ask(port, "/via/app.js", { range: "bytes=8-10" })).body.toString(), "log");
    // The request that came from outside does not follow redirects, and what is made of it does not either.
    assert.is((await ask(port, "/via/about.html")).headers.location, "/about");
    assert.is((await ask(port, "/via/nothing")).status, 404);
    assert.is((await ask(port, "/via/about", {}, "DELETE")).status, 405);
    // What was handed to an isolate is still whole for others.
    assert.is((await ask(port, "/app.js")).body.toString(), FILES["/app.js"]);
  });
}

test("runWorkerFirst lets the worker run before assets, always or by pattern", async () => {
  await using at = await makeHost();
  const first = await deploySite(at, { runWorkerFirst: true }, CODE);
  assert.is((await ask(first, "/about")).body.toString(), "worker GET /about");
  const some = await deploySite(
    at,
    { runWorkerFirst: ["/docs/*", "!/docs/"], notFoundHandling: "single-page-application" },
    CODE,
  );
  assert.is((await ask(some, "/docs/x")).body.toString(), "worker GET /docs/x");
  assert.is((await ask(some, "/docs/")).body.toString(), FILES["/docs/index.html"]);
  // With patterns, the worker runs for them alone.
  assert.is((await ask(some, "/other")).body.toString(), FILES["/index.html"]);
  assert.is((await ask(some, "/about")).body.toString(), FILES["/about.html"]);
});

test("a navigation gets the application before the worker from a compatibility date on, unless a flag says no", async () => {
  await using at = await makeHost();
  const config = { notFoundHandling: "single-page-application" } as const;
  const navigate = { "sec-fetch-mode": "navigate" };
  const asked = async (more: Partial<WorkerUpload>): Promise<string> =>
    (await ask(await deploySite(at, config, { ...CODE, ...more }), "/view", navigate)).body.toString();
  assert.is(await asked({ compatibilityDate: "2025-03-31" }), "worker GET /view");
  assert.is(await asked({ compatibilityDate: "2025-04-01" }), FILES["/index.html"]);
  assert.is(
    await asked({ compatibilityFlags: ["assets_navigation_prefers_asset_serving"] }),
    FILES["/index.html"],
  );
  const off = { compatibilityDate: "2025-04-01", compatibilityFlags: ["assets_navigation_has_no_effect"] };
  assert.is(await asked(off), "worker GET /view");
  const port = await deploySite(at, config, { ...CODE, compatibilityDate: "2025-04-01" });
  assert.is((await ask(port, "/view", { "sec-fetch-mode": "cors" })).body.toString(), "worker GET /view");
});

test("a compressed form beside a file is served to clients that take it, not to the worker", async () => {
  await using at = await makeHost();
  const files = await putFiles(at.host, {
    "/app.js": FILES["/app.js"],
    "/app.js.br": "br",
    "/app.js.gz": "gz!",
  });
  const assets = { files, binding: "ASSETS" };
  await at.host.deploy({ name: "site", routes: ["site.test/*"], assets, ...CODE });
  const { port } = await at.host.listen({ port: 0 });
  const br = await ask(port, "/app.js", { "accept-encoding": "gzip, br" });
  assert.equal([br.body.toString(), br.headers["content-encoding"]], ["br", "br"]);
  assert.equal(
    [br.headers.vary, br.headers["content-type"]],
    ["Accept-Encoding", "text/javascript; charset=utf-8"],
  );
  assert.is((await ask(port, "/app.js", { "accept-encoding": "br;q=0, gzip" })).body.toString(), "gz!");
  const plain = await ask(port, "/app.js");
  assert.equal([plain.body.toString(), plain.headers["content-encoding"]], [FILES["/app.js"], undefined]);
  assert.is.not(plain.headers.etag, br.headers.etag);
  assert.is(
    (await ask(port, "/app.js", { "accept-encoding": "br", range: "bytes=8-10" })).body.toString(),
    "log",
  );
  assert.is((await ask(port, "/via/app.js", { "accept-encoding": "br" })).body.toString(), FILES["/app.js"]);
});

test("assets belong to their version: shares of traffic, rollbacks and inherited ones", async () => {
  await using at = await makeHost();
  const { control } = at.host;
  const version = async (text: string): Promise<string> =>
    (
      await control.deploy({
        name: "site",
        routes: ["site.test/*"],
        assets: { files: await putFiles(at.host, { "/index.html": text }) },
      })
    ).id;
  const one = await version("one");
  const two = await version("two");
  const { port } = await at.host.listen({ port: 0 });
  const home = async (): Promise<string> => (await ask(port, "/")).body.toString();
  assert.is(await home(), "two");
  await control.deployVersions("site", [{ versionId: one, percent: 100 }]);
  assert.is(await home(), "one");
  await control.deployVersions("site", [
    { versionId: one, percent: 50 },
    { versionId: two, percent: 50 },
  ]);
  const seen = new Set<string>();
  for (let n = 0; n < 60; n++) seen.add(await home());
  assert.equal([...seen].toSorted(), ["one", "two"]);
  const kept = await control.deploy({
    name: "site",
    ...CODE,
    assets: { files: "inherit", binding: "ASSETS" },
  });
  assert.is(await home(), "two");
  assert.is((await ask(port, "/x")).body.toString(), "worker GET /x");
  assert.equal(kept.assets, { fileCount: 1, sizeBytes: 3, config: {}, binding: "ASSETS" });
});

test("large files stream from disk in pieces, for as many clients as there are, and memory stays flat", async () => {
  using folder = tempFolder();
  await using at = await makeHost({ dataFolder: folder.path });
  const content = randomBytes(24 * 1024 ** 2);
  const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  const files = await putFiles(at.host, { "/big.bin": Uint8Array.from(content) });
  await at.host.deploy({ name: "site", routes: ["site.test/*"], assets: { files } });
  const { port } = await at.host.listen({ port: 0 });
  assert.is(digest((await ask(port, "/big.bin")).body), digest(content));
  const middle = await ask(port, "/big.bin", { range: "bytes=1000000-2000000" });
  assert.is(digest(middle.body), digest(content.subarray(1_000_000, 2_000_001)));
  const before = process.memoryUsage().rss;
  // Clients that read nothing: 480 MB of answers are under way, of which none is in memory.
  const stalled = Array.from({ length: 20 }, () =>
    httpRequest({ port, host: "127.0.0.1", path: "/big.bin", headers: { host: "site.test" } }, (answer) =>
      answer.on("error", () => {}).pause(),
    ),
  );
  for (const sent of stalled) sent.on("error", () => {}).end();
  await until("all are under way", async () => (await at.host.stats()).inFlight === 20);
  assert.is((await ask(port, "/big.bin", { range: "bytes=0-1" })).status, 206);
  const grown = process.memoryUsage().rss - before;
  assert.ok(grown < 150 * 1024 ** 2, `grew by ${grown} bytes`);
  for (const sent of stalled) sent.destroy();
  await until("all are over", async () => (await at.host.stats()).inFlight === 0);
  await until(
    "they are recorded",
    () => at.events.filter(({ outcome }) => outcome === "canceled").length === 20,
  );
});

test("assets are served again after a restart, and go when nothing names them any more", async () => {
  using folder = tempFolder();
  const dataFolder = folder.path;
  {
    await using at = await makeHost({ dataFolder });
    await deploySite(at, { notFoundHandling: "404-page", headers: "/*\n x-a: b" });
  }
  await using at = await makeHost({ dataFolder, assets: { unusedMs: 600_000 } });
  const { port } = await at.host.listen({ port: 0 });
  const home = await ask(port, "/");
  assert.equal([home.body.toString(), home.headers["x-a"]], [FILES["/index.html"], "b"]);
  assert.is((await ask(port, "/x")).status, 404);
  await at.host.control.assets.sweep("default");
  assert.is((await ask(port, "/about")).status, 200);
  await at.host.delete("site");
  await at.host.control.assets.sweep("default");
  assert.ok((await at.host.control.assets.usedBytes("default")) > 0);
  const pieces = readdirSync(join(dataFolder, "assets", "default"), { recursive: true, encoding: "utf8" });
  for (const piece of pieces) utimesSync(join(dataFolder, "assets", "default", piece), 1, 1);
  await at.host.control.assets.sweep("default");
  assert.is(await at.host.control.assets.usedBytes("default"), 0);
});

test("a content that breaks half-way is recorded as a fault of the host", async () => {
  using folder = tempFolder();
  const faults: unknown[] = [];
  await using at = await makeHost({
    dataFolder: folder.path,
    onInternalError: (error) => faults.push(error),
  });
  const files = await putFiles(at.host, { "/big.bin": new Uint8Array(1024 ** 2) });
  await at.host.deploy({ name: "site", routes: ["site.test/*"], assets: { files } });
  const { port } = await at.host.listen({ port: 0 });
  const account = join(folder.path, "assets", "default");
  const pieces = readdirSync(account, { recursive: true, encoding: "utf8" });
  truncateSync(
    join(
      account,
      pieces.find((name) => /\/c/.test(name))!,
    ),
    100_000,
  );
  await ask(port, "/big.bin").catch(() => {});
  await until("it is recorded", () => at.events.length === 1);
  assert.is(at.events[0]?.outcome, "internalError");
  assert.is(faults.length, 1);
  assert.is((await at.host.stats()).inFlight, 0);
});

test("an account's own limits and places hold for assets", async () => {
  await using at = await makeHost({ accounts: { acme: { assets: { versionFiles: 1 } } } });
  const files = await putFiles(at.host, { "/a.txt": "a", "/b.txt": "b" }, "acme");
  const code = async (work: Promise<unknown>): Promise<unknown> =>
    await work.then(
      () => "done",
      (error: { code: string }) => error.code,
    );
  const deploy = (account: string): Promise<unknown> =>
    code(at.host.deploy({ account, name: "site", assets: { files } }));
  assert.is(await deploy("acme"), "INVALID_ASSETS");
  // What another account put is not there.
  assert.is(await deploy("other"), "INVALID_ASSETS");
  assert.equal(at.host.control.workers("acme"), []);
});

test("rules that would take for ever end as exceededCpu, and cost others nothing", async () => {
  await using at = await makeHost();
  const rule = `/${Array.from({ length: 60 }, (_, n) => `:a${n}-`).join("")}x`;
  const redirects = Array.from({ length: 90 }, (_, n) => `${rule}${n} /y`).join("\n");
  const port = await deploySite(at, { redirects });
  const answer = await ask(port, `/${"-a".repeat(1_900)}`);
  assert.is(answer.status, 503);
  assert.is(at.events[0]?.outcome, "exceededCpu");
  assert.ok(at.events[0]!.cpuMs > 0);
  assert.is((await ask(port, "/about")).status, 200);
});

test("what rules cost is CPU of the account, which has to keep to its budget", async () => {
  await using at = await makeHost({ accounts: { default: { cpuMsPerMinute: 1 } } });
  const rule = `/${Array.from({ length: 60 }, (_, n) => `:a${n}-`).join("")}x`;
  const port = await deploySite(at, {
    redirects: Array.from({ length: 90 }, (_, n) => `${rule}${n} /y`).join("\n"),
  });
  assert.is((await ask(port, `/${"-a".repeat(1_900)}`)).status, 503);
  assert.is((await ask(port, "/about")).status, 429);
  assert.equal(
    at.events.map(({ outcome }) => outcome),
    ["exceededCpu", "exceededAccountCpu"],
  );
  const { cpuMs } = (await at.host.stats()).accounts.find(({ account }) => account === "default")!;
  assert.ok(Math.abs(cpuMs - at.events[0]!.cpuMs) < 0.001);
});

test("uploads whose assets are not what they must be are refused by name, and change nothing", async () => {
  await using at = await makeHost();
  const files = await putFiles(at.host, { "/a.txt": "a" });
  const wrong: readonly [upload: Partial<WorkerUpload>, text: RegExp][] = [
    [{ assets: { files: [] as never } }, /object of files by path/],
    [
      { assets: { files, config: { htmlHandling: "yes" as never } } },
      /htmlHandling is "yes"; it must be one of auto/,
    ],
    [{ assets: { files, config: { runWorkerFirst: ["api/*"] } }, ...CODE }, /"api\/\*" must begin with "\/"/],
    [{ assets: { files, config: { runWorkerFirst: ["!/a"] } }, ...CODE }, /only patterns with "!"/],
    [
      { assets: { files, config: { runWorkerFirst: ["/a/*", "/a/b"] } }, ...CODE },
      /no effect beside "\/a\/\*"/,
    ],
    [
      { assets: { files, config: { runWorkerFirst: true } } },
      /runWorkerFirst stands in an upload without code/,
    ],
    [{ assets: { files, binding: "ASSETS" } }, /binding stands in an upload without code/],
    [{ assets: { files }, vars: { A: "b" } }, /vars stands in an upload without code/],
    [{ assets: { files, binding: "A-B" }, ...CODE }, /assets\.binding is "A-B"/],
    [{ assets: { files: "inherit" } }, /no version with assets/],
    [{ assets: { file: files } as never }, /assets\.file is not known/],
    [{}, /main is undefined/],
  ];
  for (const [upload, text] of wrong) {
    const said = await at.host.deploy({ name: "w", ...upload }).then(
      () => "done",
      (error: Error) => error.message,
    );
    assert.match(said, text);
  }
  assert.equal(at.host.control.workers(), []);
});

test("hosts close", closeHosts);
test.run();
