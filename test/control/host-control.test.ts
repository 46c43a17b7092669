import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost, type Host, type WorkerUpload } from "../../src/index.ts";
import { tempFolder } from "../storage/temp-folder.ts";
import { WIDE_LIMITS } from "../limits/wide-limits.ts";

function upload(text: string, more: Partial<WorkerUpload> = {}): WorkerUpload {
  const content = `export default { fetch: (request, env) => new Response(${text}) }`;
  return { name: "w", main: "i.js", modules: [{ name: "i.js", type: "esm", content }], ...more };
}

async function ask(host: Host): Promise<string> {
  return await (await host.fetch("http://w.test/")).text();
}

async function code(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => "done",
    (error: { code?: string }) => error.code,
  );
}

test("Control keeps uploaded versions without traffic until they are deployed, and shares traffic among them", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS });
  const first = await host.control.deploy(upload(`"one"`, { routes: ["w.test/*"] }), { message: "begin" });
  const second = await host.control.uploadVersion(upload(`"two"`, { vars: { A: "b", J: { x: 1 } } }), {
    tag: "t2",
  });
  assert.is(await ask(host), "one");
  assert.equal(
    host.control.versions("w").map(({ id, number }) => [id, number]),
    [
      [second.id, 2],
      [first.id, 1],
    ],
  );
  assert.equal(second.vars, { A: "b", J: { x: 1 } });
  assert.equal(second.note, { tag: "t2" });
  await host.control.deployVersions("w", [
    { versionId: first.id, percent: 50 },
    { versionId: second.id, percent: 50 },
  ]);
  const seen = new Set<string>();
  for (let n = 0; n < 60; n++) seen.add(await ask(host));
  assert.equal([...seen].toSorted(), ["one", "two"]);
  await host.control.deployVersions("w", [{ versionId: second.id, percent: 100 }], "default", {
    message: "all",
  });
  assert.is(await ask(host), "two");
  const [now, before] = host.control.deployments("w");
  assert.equal(now?.note, { message: "all" });
  assert.is(before?.versions.length, 2);
  assert.is(host.worker("w")?.versionId, second.id);
});

test("Control.deployVersions changes nothing where a version is missing or shares are wrong", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS });
  const first = await host.control.deploy(upload(`"one"`, { routes: ["w.test/*"] }));
  const other = await host.control.deploy(upload(`"x"`, { name: "other" }));
  const wrong = [
    [[{ versionId: other.id, percent: 100 }], "NO_SUCH_VERSION"],
    [[{ versionId: first.id, percent: 99 }], "BAD_DEPLOYMENT"],
    [[], "BAD_DEPLOYMENT"],
  ] as const;
  for (const [shares, expected] of wrong)
    assert.is(await code(host.control.deployVersions("w", shares)), expected);
  assert.is(host.control.deployments("w").length, 1);
  assert.is(await ask(host), "one");
});

test("Control finds versions, shares, routes and settings again after a restart", async () => {
  using folder = tempFolder();
  const dataFolder = folder.path;
  let ids: string[] = [];
  {
    await using host = await createHost({ limits: WIDE_LIMITS, dataFolder });
    const a = await host.control.deploy(upload(`"one"`, { routes: ["w.test/*"] }));
    const b = await host.control.uploadVersion(upload(`"two"`));
    ids = [a.id, b.id];
    await host.control.deployVersions("w", [
      { versionId: a.id, percent: 1 },
      { versionId: b.id, percent: 99 },
    ]);
    await host.control.update("w", () => ({ settings: { tags: ["x"] } }));
  }
  await using host = await createHost({ limits: WIDE_LIMITS, dataFolder });
  const headers = { "Cloudflare-Workers-Version-Overrides": `w="${ids[0]}"` };
  assert.is(await (await host.fetch("http://w.test/", { headers })).text(), "one");
  assert.equal(host.control.worker("w")?.settings, { tags: ["x"] });
  assert.equal(host.control.worker("w")?.routes, ["w.test/*"]);
  await host.control.setRoutes("w", ["v.test/*"]);
  assert.is((await host.fetch("http://w.test/")).status, 404);
  assert.is((await host.fetch("http://v.test/")).status, 200);
});

test("Control.kv reads and writes what workers see", async () => {
  await using host = await createHost({ limits: WIDE_LIMITS });
  const { kv } = host.control;
  assert.equal(kv.ensure("default", "ns", "My space"), { id: "ns", title: "My space" });
  const source = `await env.KV.get("k") + (await env.KV.getWithMetadata("k")).metadata.m`;
  const content = `export default { async fetch(request, env) { return new Response(${source}) } }`;
  await host.control.deploy({
    ...upload("", { routes: ["w.test/*"], kvNamespaces: [{ binding: "KV", id: "ns" }] }),
    modules: [{ name: "i.js", type: "esm", content }],
  });
  await kv.put("default", "ns", "k", new TextEncoder().encode("value"), { metadata: { m: 7 } });
  assert.is(await ask(host), "value7");
  const big = new Uint8Array(3_000_000).fill(7);
  await kv.put("default", "ns", "big", big);
  assert.equal((await kv.get("default", "ns", "big"))?.value, big);
  assert.equal(await kv.keys("default", "ns", { limit: 1 }).then(({ keys }) => keys), [{ name: "big" }]);
  assert.is(await code(kv.put("default", "ns", "x".repeat(600), big)), "KV_REFUSED");
  assert.is(await code(kv.get("other", "ns", "k")), "NO_SUCH_NAMESPACE");
  await kv.delete("default", "ns", "k");
  assert.is(await kv.get("default", "ns", "k"), null);
  assert.is(await kv.remove("default", "ns"), true);
  assert.equal(kv.namespaces("default"), []);
});

test.run();
