import { test } from "uvu";
import * as assert from "uvu/assert";
import { serveCommand } from "../../src/cli/serve-command.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { askHost } from "./ask-host.ts";
import { portOf, runCli, startCli } from "./run-cli.ts";

/** What a worker answers to whoever comes through a proxy with TLS. */
async function askBehindProxy(port: number, host: string): Promise<string> {
  return (await askHost(port, host, { headers: { "x-forwarded-proto": "https" } })).text;
}

test("skerry serve says where clients are to go, as its config and its options have it", async () => {
  using folder = projectFolder({
    "hello/index.js": "export default { fetch: (request) => new Response(request.url) };",
    "skerry.json": JSON.stringify({
      controlHostname: "0.0.0.0",
      controlUrl: "https://skerry.example.com",
      workersUrl: "https://left.example.com",
      trustedProxies: ["127.0.0.1"],
      cell: "in-process",
      controlPort: 0,
      port: 0,
    }),
  });
  const args = ["serve", "--data", "data", "--workers-url", "https://workers.example.com"];
  await using cli = startCli(args, folder.path);
  const port = await portOf(cli);
  assert.match(cli.output, /The control APIs listen on http:\/\/0\.0\.0\.0:\d+ without TLS/);
  const deployed = await runCli(["deploy", "hello", "--data", "data"], folder.path);
  assert.match(deployed.output, /Deployed hello, version \S+, at hello\.workers\.example\.com\/\*/);
  const ofAccount = await runCli(["deploy", "hello", "--data", "data", "--account", "acme"], folder.path);
  assert.match(ofAccount.output, /Deployed hello, version \S+, at hello\.acme\.workers\.example\.com\/\*/);
  const host = "hello.workers.example.com";
  assert.is(await askBehindProxy(port, host), `https://${host}/`);
  const create = ["token", "create", "laptop", "--account", "default", "--data", "data"];
  const { output } = await runCli(create, folder.path);
  assert.match(output, /^CLOUDFLARE_API_BASE_URL=https:\/\/skerry\.example\.com\/client\/v4$/m);
});

test("skerry serve refuses addresses that names cannot be put before, or that are no origins", async () => {
  for (const [option, value, says] of [
    ["--workers-url", "https://10.0.0.1", "It must be a URL of scheme, host name and port only"],
    ["--workers-url", "workers.example.com", "It must be a URL of scheme, host name and port only"],
    ["--control-url", "https://skerry.example.com/path", "It must be a URL of scheme, host and port only"],
  ] as const) {
    let said = "";
    const command = serveCommand()
      .exitOverride()
      .configureOutput({ writeErr: (line) => (said += line) });
    const refused = await command
      .parseAsync([option, value], { from: "user" })
      .catch((error: unknown) => error);
    assert.instance(refused, Error);
    assert.match(said, option);
    assert.match(said, value);
    assert.match(said, says);
  }
});

test.run();
