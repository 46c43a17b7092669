import { test } from "uvu";
import * as assert from "uvu/assert";
import { WranglerHost } from "./wrangler-host.ts";

const SPACES = "/storage/kv/namespaces";

test("wrangler reads many keys at once, and renames and deletes namespaces", async () => {
  await using host = await WranglerHost.start();
  const make = async (title: string): Promise<string> =>
    ((await host.api(SPACES, "POST", { title })) as { id: string }).id;
  const id = await make("first");
  const other = await make("other");
  const pairs = ["x", "y"].map((key) => ({ key, value: `value of ${key}` }));
  await host.api(`${SPACES}/${id}/bulk`, "PUT", pairs);
  const project = host.project("keys", { "keys.json": `["x","y","none"]` });

  const read = await project.run("wrangler", [
    "kv",
    "bulk",
    "get",
    "keys.json",
    "--namespace-id",
    id,
    "--remote",
  ]);
  const json = read.slice(read.indexOf("{"), read.lastIndexOf("}") + 1);
  assert.equal(JSON.parse(json), { x: "value of x", y: "value of y", none: null });

  // By its name, which wrangler looks up.
  const rename = ["kv", "namespace", "rename", "first", "--new-name", "renamed"];
  assert.match(await project.run("wrangler", rename), /renamed namespace to "renamed"/);
  await project.run("wrangler", ["kv", "namespace", "delete", "--namespace-id", other]);
  const left = (await host.api(SPACES)) as { id: string; title: string }[];
  assert.equal(
    left.map(({ id: one, title }) => [one, title]),
    [[id, "renamed"]],
  );
  assert.equal(host.unrouted, []);
});

test.run();
