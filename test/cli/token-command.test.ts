import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { runCli, startCli } from "./run-cli.ts";

const DAY_MS = 86_400_000;

/** Asks on a connection of its own: one that waits between commands would be closed meanwhile. */
async function statusOf(url: string, token: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${token}` };
  const [response] = (await once(get(url, { agent: false, headers }), "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

test("skerry token makes tokens for what is asked, lists them without their text, and revokes them", async () => {
  using folder = projectFolder({});
  await using cli = startCli(
    ["serve", "--data", "data", "--port", "0", "--control-port", "0", "--cells", "1"],
    folder.path,
  );
  await cli.waitFor(/Skerry listens on/);
  const token = async (...args: string[]): Promise<{ exit: number | string; output: string }> =>
    await runCli(["token", ...args, "--data", "data"], folder.path);
  const create = ["create", "ci", "--account", "acme", "shop", "--permission", "read", "tail"];
  const beforeMs = Date.now();
  const made = await token(...create, "--expires", "0.5");
  assert.is(made.exit, 0, made.output);
  const [, url = "", text = ""] =
    /^CLOUDFLARE_API_BASE_URL=(\S+)\nCLOUDFLARE_API_TOKEN=(\S+)\nCLOUDFLARE_ACCOUNT_ID=acme$/m.exec(
      made.output,
    ) ?? [];
  const ask = async (path: string): Promise<number | undefined> => await statusOf(url + path, text);
  assert.equal([await ask("/accounts/acme"), await ask("/accounts/shop")], [200, 200]);
  assert.is(await ask("/accounts/default"), 404);
  const [wrong, days, forever] = await Promise.all([
    token("create", "x", "--account", "acme", "--permission", "fly"),
    token("create", "x", "--account", "acme", "--expires", "soon"),
    token("create", "all", "--account", "*"),
  ]);
  assert.match(wrong.output, /'fly' is invalid[^]*read, deploy, tail, secrets, admin/);
  assert.match(days.output, /'soon' is invalid[^]*number of days/);
  assert.equal([wrong.exit, days.exit, forever.exit], [1, 1, 0]);
  assert.match(forever.output, /^CLOUDFLARE_ACCOUNT_ID=default$/m);

  const listed = (await token("list")).output;
  const [, id = "", until = ""] =
    /^(tok_\w+) {2}ci: read tail on acme shop, until (\S+)$/m.exec(listed) ?? [];
  const lifeMs = Date.parse(until) - beforeMs;
  assert.ok(lifeMs >= DAY_MS / 2 && lifeMs < DAY_MS / 2 + 600_000, listed);
  assert.match(listed, /^tok_\w+ {2}all: read deploy tail secrets on \*$/m);
  assert.is(listed.match(/^tok_/gm)?.length, 2);
  assert.not.match(listed, text);

  assert.match((await token("revoke", id)).output, `Revoked ${id}`);
  assert.is(await ask("/accounts/acme"), 401);
  const again = await token("revoke", id);
  assert.is(again.exit, 1);
  assert.match(again.output, `there is no token "${id}" in force`);
  assert.match((await token("list")).output, /^tok_\w+ {2}ci: .*, revoked$/m);
});

test.run();
