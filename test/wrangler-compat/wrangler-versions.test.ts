import { test } from "uvu";
import * as assert from "uvu/assert";
import { shopFiles, shopText } from "./shop.ts";
import { byEachWrangler, type Project } from "./wrangler-host.ts";
import type { Wrangler } from "./wranglers.ts";

interface Version {
  readonly id: string;
  readonly number: number;
}

async function versions(project: Project, wrangler: Wrangler, name: string): Promise<void> {
  const { host } = project;
  await project.run(wrangler, ["deploy"]);
  project.write("src/text.ts", shopText("three"));
  const uploaded = await project.run(wrangler, [
    "versions",
    "upload",
    "--tag",
    "t3",
    "--message",
    "the third",
  ]);
  const [, id = ""] = /Version ID: ([0-9a-f-]{36})/.exec(uploaded) ?? [];
  assert.is(await host.ask(name), "200 hello one");
  assert.is(await host.ask(`${id.slice(0, 8)}-${name}`), "200 hello three");
  const listed = await project.run(wrangler, ["versions", "list", "--json"]);
  const all = JSON.parse(listed.slice(listed.indexOf("["))) as Version[];
  assert.is(all.find((version) => version.id === id)?.number, Math.max(...all.map(({ number }) => number)));
  assert.match(await project.run(wrangler, ["versions", "view", id]), /t3[^]*the third|the third[^]*t3/);
  // What is uploaded and takes no traffic keeps secrets from being changed by the way.
  assert.match(
    await project.fail(wrangler, ["secret", "put", "OTHER"]),
    /latest version[^]*isn't currently deployed/,
  );
  const oldest = all.toSorted((a, b) => a.number - b.number)[0]!.id;
  await project.run(wrangler, ["versions", "deploy", `${id}@100`, "--yes"]);
  assert.is(await host.ask(name), "200 hello three");
  await project.run(wrangler, ["secret", "put", "TOKEN"], "late");
  const back = await project.run(wrangler, ["rollback", oldest, "--yes", "--message", "back"]);
  assert.match(back, /secrets have changed[^]*TOKEN/);
  assert.is(await host.ask(name), "200 hello one");
}

test("wrangler 4 and 3 upload versions, deploy them, and go back", async () => {
  await byEachWrangler(shopFiles, versions);
});

test.run();
