import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../src/index.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { runCli, startCli } from "./run-cli.ts";

test("skerry deploy takes an environment, variables and secrets, and refuses to go without one that is required", async () => {
  using folder = projectFolder({
    "shop/wrangler.jsonc": `{
      "name": "shop", "main": "index.js", "compatibility_flags": ["nodejs_compat"], "vars": { "MODE": "live" },
      "env": { "staging": { "vars": { "MODE": "try", "LEVEL": 1 }, "secrets": { "required": ["KEY"] }, "preview_urls": true } }
    }`,
    "shop/index.js":
      "export default { fetch: (request, env) => Response.json([env, process.env.NODE_ENV]) };",
    "shop/.dev.vars": "KEY=only for a local run",
    "wrong/wrangler.toml": 'main = "index.js"\ncompatibility_flags = ["nodejs_compatt"]\nminfy = 1\nvars = 7',
    "wrong/index.js": "",
    "more.env": "KEY=hush",
    "broken.json": '{ "KEY": hush }',
  });
  {
    await using cli = startCli(["serve", "--data", "data", "--port", "0", "--cells", "1"], folder.path);
    await cli.waitFor(/Skerry listens on/);
    const deploy = ["deploy", "shop", "--data", "data", "--env", "staging", "--var", "LEVEL:2"];
    const refused = await runCli(deploy, folder.path);
    assert.is(refused.exit, 1);
    assert.match(refused.output, /"secrets\.required" names KEY, which shop-staging does not have/);
    const broken = await runCli([...deploy, "--secrets-file", "broken.json"], folder.path);
    assert.match(broken.output, /broken\.json: is no valid JSON/);
    assert.not.match(broken.output, "hush");

    const deployed = await runCli([...deploy, "--secrets-file", "more.env"], folder.path);
    assert.is(deployed.exit, 0, deployed.output);
    assert.match(
      deployed.output,
      /Deployed shop-staging, version \S+, at shop-staging\.localhost\/\*, \{version\}-shop-staging\.localhost\/\*/,
    );
    // The secret is there now.
    assert.is((await runCli(deploy, folder.path)).exit, 0);

    const wrong = await runCli(["deploy", "wrong", "--data", "data"], folder.path);
    assert.is(wrong.exit, 1);
    assert.match(
      wrong.output,
      /error: wrangler\.toml:2:1: .*"nodejs_compatt" is no compatibility flag; did you mean "nodejs_compat"\?\n +wrangler\.toml:4:1: "vars" is 7/,
    );
    cli.signal("SIGTERM");
    assert.is(await cli.exit, 0, cli.output);
  }
  await using host = await createHost({ dataFolder: `${folder.path}/data` });
  const answer = await host.fetch("http://shop-staging.localhost/", {
    headers: { host: "shop-staging.localhost" },
  });
  assert.equal(await answer.json(), [{ MODE: "try", LEVEL: "2", KEY: "hush" }, "production"]);
});

test.run();
