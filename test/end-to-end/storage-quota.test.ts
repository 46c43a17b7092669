import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Host, HostOptions } from "../../src/index.ts";
import { putFiles } from "../assets/put-files.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { ApiFixture, uploadForm } from "../wrangler-compat/api/api-fixture.ts";
import { CELLS, makeHost, upload } from "./fixture.ts";

const KIB = 1024;
const KV = [{ binding: "KV", id: "data" }];
const PUT = `export default { async fetch(request, { KV }) {
  const { pathname: key, searchParams } = new URL(request.url);
  try {
    if (request.method === "DELETE") await KV.delete(key);
    else await KV.put(key, new Uint8Array(Number(searchParams.get("size"))));
    return new Response("ok");
  } catch (error) { return new Response(error.name + ": " + error.message); }
} };`;

/** Code that packs to more than so many bytes. */
function codeOf(bytes: number): string {
  let text = "";
  for (let n = 1; text.length < bytes * 2; n++) text += (Math.sin(n) * 1e17).toString(36);
  return `export default { fetch: () => new Response("of the new version") }; // ${text}`;
}

async function codeThrown(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "ok",
    (error: { code?: string }) => error.code ?? String(error),
  );
}

async function used(host: Host, account: string): Promise<number> {
  return (await host.storage()).accounts.find((found) => found.account === account)?.usedBytes ?? 0;
}

for (const cell of CELLS) {
  test(`a worker that met the quota of its account is told so, and another account is not (${cell})`, async () => {
    using folder = tempFolder();
    const options: HostOptions = {
      cell,
      dataFolder: folder.path,
      accounts: { acme: { storage: { accountBytes: 200 * KIB } } },
    };
    const ask = async (host: Host, account: string, path: string, method = "PUT"): Promise<string> => {
      const answer = await host.worker("kv", account)!.fetch(`http://kv/${path}`, { method });
      return await answer.text();
    };
    {
      await using at = await makeHost(options);
      const { host } = at;
      for (const account of ["acme", "other"])
        await host.deploy({ ...upload("kv", PUT, { kvNamespaces: KV }), account });
      assert.is(await ask(host, "acme", "a?size=100000"), "ok");
      const said = await ask(host, "acme", "b?size=100000");
      assert.match(
        said,
        /^Error: KV PUT failed: 413 account "acme" stores \d+ bytes of the 204800 that it may \("storage.accountBytes"\), and 102528 more do not fit/,
      );
      assert.is(await ask(host, "other", "b?size=100000"), "ok");
      assert.equal(at.faults, []);
    }
    // Also after a restart, before anything was written.
    await using at = await makeHost(options);
    const { host } = at;
    assert.match(await ask(host, "acme", "b?size=100000"), "413");
    assert.is(await ask(host, "acme", "a?size=90000"), "ok");
    assert.is(await ask(host, "acme", "a", "DELETE"), "ok");
    assert.is(await ask(host, "acme", "b?size=100000"), "ok");
    const { storage } = await host.stats();
    const acme = storage.find(({ account }) => account === "acme");
    assert.is(acme?.limitBytes, 200 * KIB);
    assert.is(acme?.usedBytes, await used(host, "acme"));
    assert.ok(acme!.kvBytes > 100_000 && acme!.recordBytes > 5_000 && acme!.assetBytes === 0);
  });
}

test("what comes as a version, as files or by KV control counts alike, and is refused before anything changes", async () => {
  using folder = tempFolder();
  await using at = await makeHost({ dataFolder: folder.path, storage: { accountBytes: 300 * KIB } });
  const { host } = at;
  const { kv } = host.control;
  await host.deploy(upload("site", "export default { fetch: () => new Response('as it was') }"));
  kv.ensure("default", "data");
  await kv.put("default", "data", "k", new Uint8Array(150 * KIB));
  const before = await used(host, "default");
  assert.is(await codeThrown(host.deploy(upload("site", codeOf(200 * KIB)))), "ACCOUNT_STORAGE_FULL");
  assert.is(await (await host.worker("site")!.fetch("http://site/")).text(), "as it was");
  assert.is(host.control.versions("site").length, 1);
  assert.is(
    await codeThrown(putFiles(host, { "/a.bin": new Uint8Array(150 * KIB) })),
    "ACCOUNT_STORAGE_FULL",
  );
  assert.is(
    await codeThrown(kv.put("default", "data", "l", new Uint8Array(150 * KIB))),
    "ACCOUNT_STORAGE_FULL",
  );
  assert.is(await used(host, "default"), before);
  // Room of one kind is room for the others.
  await kv.delete("default", "data", "k");
  const files = await putFiles(host, { "/a.bin": new Uint8Array(150 * KIB) });
  assert.is(
    await codeThrown(kv.put("default", "data", "l", new Uint8Array(150 * KIB))),
    "ACCOUNT_STORAGE_FULL",
  );
  await host.deploy({ name: "site", assets: { files } });
  // Once more by another worker: a content counts once.
  const once = await used(host, "default");
  await host.deploy({ name: "again", assets: { files } });
  assert.ok((await used(host, "default")) - once < 20 * KIB);
  assert.is(await kv.remove("default", "data"), true);
  assert.equal(at.faults, []);
});

test("uploads and writes of KV that come together stay within the quota", async () => {
  using folder = tempFolder();
  const accountBytes = 600 * KIB;
  await using at = await makeHost({ dataFolder: folder.path, storage: { accountBytes } });
  const { control } = at.host;
  control.kv.ensure("default", "data");
  const results = await Promise.all([
    ...Array.from({ length: 8 }, (_, n) =>
      codeThrown(control.kv.put("default", "data", `k${n}`, new Uint8Array(70 * KIB))),
    ),
    ...Array.from({ length: 8 }, (_, n) =>
      codeThrown(putFiles(at.host, { [`/${n}.bin`]: new Uint8Array(70 * KIB).fill(n) })),
    ),
  ]);
  const stored = results.filter((result) => result === "ok").length;
  assert.ok(stored >= 1 && stored <= 8, results.join());
  assert.ok(results.every((result) => result === "ok" || result === "ACCOUNT_STORAGE_FULL"));
  assert.ok((await used(at.host, "default")) <= accountBytes);
});

test("wrangler's API says of what does not fit 413 and why, and keeps of a bulk what came before", async () => {
  using folder = tempFolder();
  await using api = await ApiFixture.make({
    hostOptions: { dataFolder: folder.path, storage: { accountBytes: 200 * KIB } },
  });
  const A = "/accounts/acme";
  const space = `${A}/storage/kv/namespaces/${(await api.ask("POST", `${A}/storage/kv/namespaces`, { title: "s" })).result.id}`;
  const pairs = ["a", "b", "c", "d"].map((key) => ({ key, value: "x".repeat(60_000) }));
  const bulk = await api.ask("PUT", `${space}/bulk`, pairs);
  assert.equal([bulk.status, bulk.success, bulk.errors[0]?.code], [413, false, 10306]);
  assert.match(bulk.errors[0]!.message, /account "acme" stores \d+ bytes of the 204800 that it may/);
  const { result } = await api.ask("GET", `${space}/keys`);
  assert.equal(
    (result as { name: string }[]).map(({ name }) => name),
    ["a", "b"],
  );
  const script = await api.ask("PUT", `${A}/workers/scripts/shop`, uploadForm(codeOf(100 * KIB)));
  assert.equal([script.status, script.errors[0]?.code], [413, 10306]);
  assert.is((await api.ask("DELETE", `${space}/values/a`)).status, 200);
  assert.is(
    (await api.ask("PUT", `${A}/workers/scripts/shop`, uploadForm("export default { fetch() {} }"))).status,
    200,
  );
});

test("below the floor of free disk nothing more is stored, and all else goes on", async () => {
  using folder = tempFolder();
  const dataFolder = folder.path;
  const CACHE = `export default { async fetch(request) {
    try { await caches.default.put(request.url, new Response("x", { headers: { "cache-control": "max-age=60" } })); return new Response("ok"); }
    catch (error) { return new Response(error.message); }
  } };`;
  {
    await using at = await makeHost({ dataFolder, storage: { minFreeBytes: 0 } });
    const cached = await at.host.deploy(upload("cache", CACHE));
    assert.is(await (await cached.fetch("http://cache/")).text(), "ok");
    await at.host.deploy(upload("kv", PUT, { kvNamespaces: KV }));
    await at.host.control.kv.put("default", "data", "/a", new Uint8Array(10));
  }
  await using at = await makeHost({ dataFolder, storage: { minFreeBytes: 1024 ** 5 } });
  const { host } = at;
  const ask = async (path: string, method: string): Promise<string> =>
    await (await host.worker("kv")!.fetch(`http://kv/${path}`, { method })).text();
  assert.is(await ask("b?size=1", "PUT"), "Error: KV PUT failed: 507 Insufficient Storage");
  assert.is(await (await host.worker("cache")!.fetch("http://cache/x")).text(), "The cache is unavailable.");
  assert.is(await codeThrown(host.deploy(upload("new", PUT))), "DISK_LOW");
  assert.is(await codeThrown(putFiles(host, { "/a.txt": "a" })), "DISK_LOW");
  assert.is((await host.control.kv.get("default", "data", "/a"))?.value.length, 10);
  assert.is(await ask("a", "DELETE"), "ok");
  assert.is(await host.control.kv.get("default", "data", "/a"), null);
  assert.ok((await host.storage()).diskFreeBytes! > 0);
  assert.equal(at.faults, []);
  await host.close();
  // In memory there is no disk.
  await using inMemory = await makeHost({ storage: { minFreeBytes: 1024 ** 5 } });
  const worker = await inMemory.host.deploy(upload("cache", CACHE));
  assert.is(await (await worker.fetch("http://cache/")).text(), "ok");
});

test.run();
