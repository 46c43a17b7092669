import { test } from "uvu";
import * as assert from "uvu/assert";
import { SHOP_CODE, shopConfig, shopFiles, shopText } from "./shop.ts";
import { byEachWrangler, type Project } from "./wrangler-host.ts";
import type { Wrangler } from "./wranglers.ts";

/** What a newcomer does, from the first deploy on. */
async function deploys(project: Project, wrangler: Wrangler, name: string): Promise<void> {
  const { host } = project;
  assert.match(await project.run(wrangler, ["whoami"]), "default");
  assert.match(await project.run(wrangler, ["deploy"]), /schedule: \*\/5 \* \* \* \*/);
  assert.is(await host.ask(name), "200 hello one");
  project.write("src/text.ts", shopText("two"));
  // It tries again by itself, and that makes no third version.
  host.cutNext.add(name);
  await project.run(wrangler, ["deploy"]);
  assert.is(host.cutNext.has(name), false);
  assert.is(await host.ask(name), "200 hello two");
  await project.run(wrangler, ["deploy", "--env", "staging"]);
  assert.is(await host.ask(`${name}-staging`), "200 try two");
  assert.is((await project.run(wrangler, ["versions", "list"])).match(/^Version ID:/gm)?.length, 2);
}

/** What is refused is refused in words, and nothing changes; then all of it goes. */
async function refusalsAndEnd(project: Project, wrangler: Wrangler, name: string): Promise<void> {
  const { host } = project;
  const before = await host.ask(name);
  project.write(
    "src/index.ts",
    `import fs from "node:sqlite";\nexport default { fetch: () => new Response(typeof fs) };\n`,
  );
  assert.match(await project.fail(wrangler, ["deploy"]), "node:sqlite");
  project.write("src/index.ts", SHOP_CODE);
  const bindings = `kv_namespaces = [{ binding = "CACHE_1" }]\nr2_buckets = [{ binding = "R2", bucket_name = "pictures" }]`;
  const provisions = wrangler === "wrangler" ? [] : ["--experimental-provision"];
  project.write("wrangler.toml", shopConfig(name, bindings));
  assert.match(await project.fail(wrangler, ["deploy", ...provisions]), /R2|r2_bucket/);
  project.write("wrangler.toml", shopConfig(name));
  assert.is(await host.ask(name), before);
  assert.not.match(await project.run(wrangler, ["kv", "namespace", "list"]), new RegExp(`${name}-cache-1`));
  await project.run(wrangler, ["delete", "--force"]);
  assert.match(await host.ask(name), /^404/);
  assert.is(await host.ask(`${name}-staging`), "200 try two");
}

test("wrangler 4 and 3 deploy from a .env of three lines, again and to environments, and delete", async () => {
  await byEachWrangler(shopFiles, async (project, wrangler, name) => {
    await deploys(project, wrangler, name);
    await refusalsAndEnd(project, wrangler, name);
  });
});

test.run();
