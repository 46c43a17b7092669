import { test } from "uvu";
import * as assert from "uvu/assert";
import { byEachWrangler, type Project } from "./wrangler-host.ts";
import type { Wrangler } from "./wranglers.ts";

const config = (name: string, more: object = {}): string =>
  JSON.stringify({ name, main: "index.js", compatibility_date: "2026-07-01", ...more });

/** KV from outside: namespaces, keys, many keys at once; and a worker that sees the same. */
async function kv(project: Project, wrangler: Wrangler, name: string): Promise<void> {
  const { host } = project;
  const created = await project.run(wrangler, ["kv", "namespace", "create", `space-${wrangler}`]);
  const [, id = ""] = /"id": "([0-9a-f]{32})"/.exec(created) ?? [];
  // Wrangler 3 knows no other place.
  const at = ["--namespace-id", id, ...(wrangler === "wrangler" ? ["--remote"] : [])];
  assert.match(await project.run(wrangler, ["kv", "namespace", "list"]), id);
  await project.run(wrangler, ["kv", "key", "put", "a/b c", "stored", ...at, "--metadata", `{"z":1}`]);
  project.write("pairs.json", JSON.stringify(["x", "y"].map((key) => ({ key, value: `bulk ${key}` }))));
  await project.run(wrangler, ["kv", "bulk", "put", "pairs.json", ...at]);
  const listed = await project.run(wrangler, ["kv", "key", "list", ...at]);
  assert.match(listed, /"a\/b c"[^]*"z": 1/);
  assert.match(await project.run(wrangler, ["kv", "key", "get", "x", ...at]), "bulk x");
  project.write("wrangler.jsonc", config(name, { kv_namespaces: [{ binding: "KV", id }] }));
  project.write(
    "index.js",
    `export default { fetch: async (request, env) => new Response(await env.KV.get(decodeURIComponent(new URL(request.url).pathname.slice(1)))) };`,
  );
  await project.run(wrangler, ["deploy"]);
  assert.is(await host.ask(name, "/a%2Fb%20c"), "200 stored");
  assert.is(await host.ask(name, "/y"), "200 bulk y");
  project.write("keys.json", `["x","y"]`);
  await project.run(wrangler, ["kv", "bulk", "delete", "keys.json", "--force", ...at]);
  await project.run(wrangler, ["kv", "key", "delete", "a/b c", ...at]);
  assert.is(await host.ask(name, "/y"), "200 ");
  assert.equal(JSON.parse(after(await project.run(wrangler, ["kv", "key", "list", ...at]), "[")), []);
}

/** Wrangler says something before it prints JSON. */
function after(output: string, start: string): string {
  return output.slice(output.lastIndexOf(`\n${start}`) + 1);
}

/** Static assets: with a worker, changed in part, and alone. */
async function assets(project: Project, wrangler: Wrangler, name: string): Promise<void> {
  const { host } = project;
  const site = `${name}-site`;
  const directory = { directory: "public", binding: "ASSETS", run_worker_first: true };
  project.write(
    "index.js",
    `export default { fetch: async (request, env) => {
      if (new URL(request.url).pathname === "/api") return new Response("worker");
      return await env.ASSETS.fetch(request);
    } };`,
  );
  // What another worker of the account has put is not put again.
  project.write("public/index.html", `<h1>home of ${name}</h1>`);
  project.write("public/about us.html", `<h1>about ${name}</h1>`);
  project.write("public/a/b/style.css", `h1 { color: red } /* ${name} */`);
  project.write("public/_headers", "/*\n  X-From: rules\n");
  project.write("wrangler.jsonc", config(site, { assets: directory }));
  assert.match(await project.run(wrangler, ["deploy"]), /Found 3 new or modified static assets/);
  assert.is(await host.ask(site), `200 <h1>home of ${name}</h1>`);
  assert.is(await host.ask(site, "/about%20us"), `200 <h1>about ${name}</h1>`);
  assert.is(await host.ask(site, "/api"), "200 worker");
  project.write("public/index.html", `<h1>home of ${name} again</h1>`);
  assert.match(await project.run(wrangler, ["deploy"]), /Found 1 new or modified static asset /);
  assert.is(await host.ask(site), `200 <h1>home of ${name} again</h1>`);
  const alone = { name: `${name}-alone`, compatibility_date: "2026-07-01", assets: { directory: "public" } };
  project.write("wrangler.jsonc", JSON.stringify(alone));
  assert.match(await project.run(wrangler, ["deploy"]), /No (?:updated asset )?files to upload/);
  assert.is(await host.ask(`${name}-alone`, "/a/b/style.css"), `200 h1 { color: red } /* ${name} */`);
}

test("wrangler 4 and 3 keep keys in KV and deploy static assets", async () => {
  const files = (name: string): Record<string, string> => ({ "wrangler.jsonc": config(name) });
  await byEachWrangler(files, async (project, wrangler, name) => {
    await kv(project, wrangler, name);
    await assets(project, wrangler, name);
  });
});

test.run();
