import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { askHost } from "./ask-host.ts";
import { portOf, runCli, startCli } from "./run-cli.ts";

/** What became of a request, as its answer says. */
async function ask(port: number, host: string): Promise<string> {
  const { headers } = await askHost(port, host, { path: "/go?secret=1" });
  return String(headers["skerry-outcome"]);
}

test("skerry serve says who ended a cell and is paused; skerry quarantine shows and lifts it", async () => {
  using folder = projectFolder({
    "bad/index.js":
      "export default { async fetch() { Promise.reject(new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); } })); await 0; return new Response(); } };",
    "skerry.json": '{ "quarantine": { "strikes": 1, "pausesMs": [600000] } }',
  });
  await using cli = startCli(["serve", "--data", "data", "--port", "0", "--cells", "1"], folder.path);
  const port = await portOf(cli);
  const run = async (...args: string[]): Promise<string> =>
    (await runCli([...args, "--data", "data"], folder.path)).output;
  await run("deploy", "bad");
  assert.match(await run("quarantine"), "No worker has ended its cell of late.");
  await ask(port, "bad.localhost");
  await cli.waitFor(
    /^\[bad\] \(account default\) ended its cell \(unstoppable, in GET http:\/\/bad\.localhost\/go, after/m,
  );
  await cli.waitFor(/^\[bad\] \(account default\) paused until 20.*Z \(for the 1st time\)/m);
  assert.is(await ask(port, "bad.localhost"), "quarantined");
  const list = await run("quarantine", "list");
  assert.match(list, /^default\/bad: paused until 20/m);
  assert.match(list, /^ {2}20.*Z, version \S+: ended its cell \(unstoppable/m);
  assert.not.match(list, "secret");
  assert.match(
    await run("quarantine", "lift", "bad", "--account", "other"),
    "there is nothing against a worker",
  );
  assert.match(await run("quarantine", "lift", "bad"), "bad runs again.");
  assert.not.match(await run("quarantine"), "default/bad");
});

test.run();
