import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { askHost } from "../cli/ask-host.ts";
import { portOf, startCli } from "../cli/run-cli.ts";
import { projectFolder } from "./project-folder.ts";
import { wranglerEnv } from "./wranglers.ts";

const README = readFileSync("README.md", "utf8");

/** Runs a program to its end, with nothing of ours in its environment. @returns what it printed */
async function run(command: string, args: readonly string[], cwd: string, home: string): Promise<string> {
  const child = spawn(command, args, { cwd, env: wranglerEnv(home), stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, exit] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((done) => child.once("close", done)),
  ]);
  assert.is(exit, 0, `${command} ${args.join(" ")}:\n${out}${err}`);
  return out;
}

test("what README says to a newcomer with a Workers project is all that it takes", async () => {
  using folder = projectFolder({
    "project/wrangler.jsonc": `{ "name": "mine", "main": "index.js", "compatibility_date": "2026-07-01" }`,
    "project/index.js": `export default { fetch: () => new Response("deployed") };`,
  });
  const data = `${folder.path}/data`;
  await using host = startCli(["serve", "--data", data, "--port", "0", "--control-port", "0"], folder.path);
  const port = await portOf(host);

  const create = "token create laptop --account default";
  assert.match(README, `npx skerry ${create}`);
  assert.match(README, "In a clone it is `npm run -s skerry --`");
  const printed = await run(
    "npm",
    ["run", "-s", "skerry", "--", ...create.split(" "), "--data", data],
    process.cwd(),
    folder.path,
  );
  const lines = printed.split("\n").filter((line) => line.startsWith("CLOUDFLARE_"));
  // README shows these three, and nothing else is needed.
  const names = [...README.matchAll(/^(CLOUDFLARE_\w+)=/gm)].map(([, name]) => name);
  assert.equal(
    lines.map((line) => line.split("=")[0]),
    names,
  );
  assert.is(names.length, 3);
  folder.write("project/.env", `${lines.join("\n")}\n`);

  assert.match(README, "npx wrangler deploy");
  await run(resolve("node_modules/.bin/wrangler"), ["deploy"], `${folder.path}/project`, folder.path);
  assert.is((await askHost(port, "mine.localhost")).text, "deployed");
});

test.run();
