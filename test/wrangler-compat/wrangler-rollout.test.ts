import { test } from "uvu";
import * as assert from "uvu/assert";
import { shopFiles, shopText } from "./shop.ts";
import { WranglerHost } from "./wrangler-host.ts";

/** What the users of the worker get, each by a key of his own. */
async function askKeys(host: WranglerHost): Promise<Map<string, string>> {
  const keys = Array.from({ length: 40 }, (_, n) => `user ${n}`);
  const answers = keys.map(
    async (key) => [key, await host.ask("shop", "/", { "cloudflare-workers-version-key": key })] as const,
  );
  return new Map(await Promise.all(answers));
}

function versionIn(output: string): string {
  return /Version ID: ([0-9a-f-]{36})/.exec(output)?.[1] ?? "";
}

test("wrangler shows a version at an alias, gives it half of the users, who stay with it, and then all", async () => {
  await using host = await WranglerHost.start();
  const project = host.project("shop", shopFiles("shop"));
  const one = versionIn(await project.run("wrangler", ["deploy"]));
  project.write("src/text.ts", shopText("two"));
  const uploaded = await project.run("wrangler", ["versions", "upload", "--preview-alias", "try"]);
  const two = versionIn(uploaded);
  assert.match(uploaded, `Version Preview Alias URL: https://try-shop.localhost:${host.port}`);
  assert.is(await host.ask("try-shop"), "200 hello two");
  assert.equal(new Set((await askKeys(host)).values()), new Set(["200 hello one"]));

  const shares = [`${one}@50%`, `${two}@50%`];
  await project.run("wrangler", ["versions", "deploy", ...shares, "--yes", "--message", "half of it"]);
  const users = await askKeys(host);
  assert.equal(new Set(users.values()), new Set(["200 hello one", "200 hello two"]));
  assert.equal(await askKeys(host), users);
  for (const [id, answer] of [
    [one, "200 hello one"],
    [two, "200 hello two"],
  ] as const)
    assert.is(
      await host.ask("shop", "/", { "cloudflare-workers-version-overrides": `shop="${id}"` }),
      answer,
    );
  const status = await project.run("wrangler", ["deployments", "status"]);
  assert.match(status, "half of it");
  for (const id of [one, two]) assert.match(status, `(50%) ${id}`);
  const listed = await project.run("wrangler", ["deployments", "list"]);
  assert.match(listed, /\(100%\)[^]*half of it[^]*\(50%\)/);

  await project.run("wrangler", ["versions", "deploy", `${two}@100%`, "--yes"]);
  assert.equal(new Set((await askKeys(host)).values()), new Set(["200 hello two"]));
  assert.equal(host.unrouted, []);
});

test.run();
