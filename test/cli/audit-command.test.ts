import { test } from "uvu";
import * as assert from "uvu/assert";
import { readControlAccess } from "../../src/control/api/control-access.ts";
import { ControlClient } from "../../src/control/api/control-client.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { runCli, startCli } from "./run-cli.ts";

test("skerry audit shows who did what of a running host", async () => {
  using folder = projectFolder({ "shop/index.js": "export default { fetch() {} };" });
  await using cli = startCli(
    ["serve", "--data", "data", "--port", "0", "--control-port", "0", "--cells", "1"],
    folder.path,
  );
  await cli.waitFor(/Skerry listens on/);
  const run = async (...args: string[]): Promise<{ exit: number | string; output: string }> =>
    await runCli([...args, "--data", "data"], folder.path);
  const audit = async (...args: string[]): Promise<string[]> => {
    const { exit, output } = await run("audit", ...args);
    assert.is(exit, 0, output);
    return output.split("\n").filter((line) => line !== "");
  };
  assert.equal(await audit(), []);
  assert.is((await run("deploy", "shop")).exit, 0);
  const client = new ControlClient(readControlAccess(`${folder.path}/data`));
  const { token, info } = await client.createToken({ name: "c\u001b[2Ji", accounts: ["acme"] });
  const spaces = `${client.cloudflareUrl}/accounts/acme/storage/kv/namespaces`;
  const ask = async (method: string, path: string, body: string): Promise<Response> =>
    await fetch(spaces + path, { method, body, headers: { authorization: `Bearer ${token}` } });
  const made = await ask("POST", "", '{ "title": "space" }');
  const { result } = (await made.json()) as { result: { id: string } };
  assert.is((await ask("PUT", `/${result.id}/values/${encodeURIComponent("k\u009b1m")}`, "v")).status, 200);

  const shown = await audit("--since", "1d");
  const TIME = String.raw`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
  const by = String.raw`by c\\u001b\[2Ji \(${info.id}\)`;
  for (const [index, expected] of [
    String.raw`acme  kv-key-put ${result.id} k\\u009b1m  ${by}`,
    `acme  kv-create ${result.id}  ${by}`,
    String.raw`acme  token-create ${info.id} c\\u001b\[2Ji: read deploy tail secrets  by the operator`,
    String.raw`default  deploy shop \S+  by the operator`,
  ].entries())
    assert.match(shown[index]!, new RegExp(`^${TIME}  ${expected}$`));
  assert.is(shown.length, 4);
  assert.equal(await audit("--account", "acme"), shown.slice(0, 3));
  assert.equal(await audit("-a", "acme", "-l", "1"), shown.slice(0, 1));
  assert.equal(await audit("--since", "2999-01-01"), []);
  const [line] = await audit("--json", "--limit", "1");
  const { atMs, ...entry } = JSON.parse(line!) as { atMs: number };
  assert.ok(shown[0]!.startsWith(new Date(atMs).toISOString()));
  assert.equal(entry, {
    token: info.id,
    tokenName: "c\u001b[2Ji",
    account: "acme",
    action: "kv-key-put",
    target: `${result.id} k\u009b1m`,
  });

  const accounts = Array.from({ length: 1_000 }, (_, n) => `a${n}`);
  await client.createToken({ name: "wide", accounts, permissions: Array<"read">(1_000).fill("read") });
  const access = readControlAccess(`${folder.path}/data`);
  const answer = await fetch(`${access.url}/v1/audit?limit=1000`, {
    headers: { authorization: `Bearer ${access.token}` },
  });
  const text = await answer.text();
  assert.ok(text.length < 1.1 * 1024 * 1024 && typeof JSON.parse(text).next === "number");
  const pages = await audit("--limit", "1002");
  assert.equal(
    pages.map((shownLine) => shownLine.split("  ")[1]),
    [...accounts.toReversed(), "acme", "acme"],
  );

  for (const [option, value, problem] of [
    [
      "--since",
      "2026-02-31",
      /since <time>' argument '2026-02-31' is invalid[^]*a time that there is, such as/,
    ],
    ["--since", "soon", /'soon' is invalid[^]*an age such as 90m/],
    ["--limit", "0", /'0' is invalid[^]*whole number from 1 to 10000/],
    ["--account", "A b", /account is "A b"; it must be an account's name/],
  ] as const) {
    const { exit, output } = await run("audit", option, value);
    assert.is(exit, 1);
    assert.match(output, problem);
  }
});

test.run();
