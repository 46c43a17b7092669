import { test } from "uvu";
import * as assert from "uvu/assert";
import { shopFiles } from "./shop.ts";
import { byEachWrangler, type Project } from "./wrangler-host.ts";
import type { Wrangler } from "./wranglers.ts";

/** Versions with other secrets: wrangler 3 would need the sources of a version, which a host does not keep. */
async function versionSecrets(project: Project, wrangler: Wrangler, name: string): Promise<void> {
  const { host } = project;
  await project.run(wrangler, ["deploy"]);
  if (wrangler === "wrangler-3") {
    const refused = await project.fail("wrangler-3", ["versions", "secret", "put", "TOKEN"]);
    assert.match(refused, /no-sources-kept\.use-wrangler-4/);
    return;
  }
  const put = await project.run("wrangler", ["versions", "secret", "put", "TOKEN"], "newer");
  const [, id = ""] = /version ([0-9a-f-]{36})/.exec(put) ?? [];
  assert.is(await host.ask(name), "200 hello one");
  assert.match(await project.run("wrangler", ["versions", "secret", "list", "--latest-version"]), "TOKEN");
  await project.run("wrangler", ["versions", "deploy", `${id}@100`, "--yes"]);
  assert.is(await host.ask(name), "200 hello one newer");
  project.write("more.json", `{"BULK":"of versions"}`);
  await project.run("wrangler", ["versions", "secret", "bulk", "more.json"]);
  await project.run("wrangler", ["versions", "secret", "delete", "TOKEN"]);
  assert.not.match(
    await project.run("wrangler", ["versions", "secret", "list", "--latest-version"]),
    "TOKEN",
  );
  assert.is(await host.ask(name), "200 hello one newer");
}

test("wrangler 4 changes secrets of versions, and 3 is told why it cannot", async () => {
  await byEachWrangler(shopFiles, versionSecrets);
});

test.run();
