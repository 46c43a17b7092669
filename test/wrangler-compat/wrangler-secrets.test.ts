import { test } from "uvu";
import * as assert from "uvu/assert";
import { shopFiles } from "./shop.ts";
import { byEachWrangler, type Project } from "./wrangler-host.ts";
import type { Wrangler } from "./wranglers.ts";

async function secrets(project: Project, wrangler: Wrangler, name: string): Promise<void> {
  const { host } = project;
  await project.run(wrangler, ["deploy"]);
  await project.run(wrangler, ["secret", "put", "TOKEN"], "from wrangler\n");
  project.write("secrets.json", `{"BULK":"many"}`);
  await project.run(wrangler, ["secret", "bulk", "secrets.json"]);
  assert.is(await host.ask(name), "200 hello one from wrangler many");
  await project.run(wrangler, ["secret", "delete", "BULK"]);
  const listed = await project.run(wrangler, ["secret", "list"]);
  assert.match(listed, "TOKEN");
  assert.not.match(listed, /BULK|from wrangler/);
  await project.run(wrangler, ["deploy"]);
  assert.is(await host.ask(name), "200 hello one from wrangler");
}

test("wrangler 4 and 3 put, list and delete secrets, which deploys keep", async () => {
  await byEachWrangler(shopFiles, secrets);
});

test.run();
