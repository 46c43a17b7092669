import { test } from "uvu";
import * as assert from "uvu/assert";
import { shopFiles, shopText } from "./shop.ts";
import { byEachWrangler, type Project, type Wrangler } from "./wrangler-host.ts";

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
    // Wrangler 3 has no aliases.
    ...(wrangler === "wrangler" ? ["--preview-alias", "try"] : []),
  ]);
  const [, id = ""] = /Version ID: ([0-9a-f-]{36})/.exec(uploaded) ?? [];
  assert.is(await host.ask(name), "200 hello one");
  assert.is(await host.ask(`${id.slice(0, 8)}-${name}`), "200 hello three");
  if (wrangler === "wrangler") {
    assert.match(uploaded, `Version Preview Alias URL: https://try-${name}.localhost:${host.port}`);
    assert.is(await host.ask(`try-${name}`), "200 hello three");
  }
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
  await gradually(project, wrangler, name, [oldest, id]);
  await project.run(wrangler, ["versions", "deploy", `${id}@100`, "--yes"]);
  assert.is(await host.ask(name), "200 hello three");
  assert.equal(new Set((await askKeys(host, name)).values()), new Set(["200 hello three"]));
  await project.run(wrangler, ["secret", "put", "TOKEN"], "late");
  const back = await project.run(wrangler, ["rollback", oldest, "--yes", "--message", "back"]);
  assert.match(back, /secrets have changed[^]*TOKEN/);
  assert.is(await host.ask(name), "200 hello one");
}

/** Two versions side by side, each with its own users. */
async function gradually(
  project: Project,
  wrangler: Wrangler,
  name: string,
  [one, other]: readonly [string, string],
): Promise<void> {
  const { host } = project;
  const shares = [`${one}@50%`, `${other}@50%`];
  await project.run(wrangler, ["versions", "deploy", ...shares, "--yes", "--message", "half of it"]);
  const first = await askKeys(host, name);
  assert.equal(new Set(first.values()), new Set(["200 hello one", "200 hello three"]));
  assert.equal(await askKeys(host, name), first);
  for (const [id, answer] of [
    [one, "200 hello one"],
    [other, "200 hello three"],
  ] as const)
    assert.is(
      await host.ask(name, "/", { "cloudflare-workers-version-overrides": `${name}="${id}"` }),
      answer,
    );
  const status = await project.run(wrangler, ["deployments", "status"]);
  assert.match(status, "half of it");
  for (const id of [one, other]) assert.match(status, `(50%) ${id}`);
  const listed = await project.run(wrangler, ["deployments", "list"]);
  assert.match(listed, /\(100%\)[^]*half of it[^]*\(50%\)/);
}

/** What the users of a worker get, each by a key of his own. */
async function askKeys(host: Project["host"], name: string): Promise<Map<string, string>> {
  const keys = Array.from({ length: 40 }, (_, n) => `user ${n}`);
  const answers = keys.map(
    async (key) => [key, await host.ask(name, "/", { "cloudflare-workers-version-key": key })] as const,
  );
  return new Map(await Promise.all(answers));
}

test("wrangler 4 and 3 upload versions, deploy them by parts, and go back", async () => {
  await byEachWrangler(shopFiles, versions);
});

test.run();
