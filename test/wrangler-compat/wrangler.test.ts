import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runCli, startCli } from "../cli/run-cli.ts";
import { type ProjectFolder, projectFolder } from "./project-folder.ts";

/** Unmodified, from npm: the newest, and one of the line before. */
const WRANGLERS = { "wrangler 4": "wrangler", "wrangler 3": "wrangler-3" } as const;

/** Runs wrangler in a project's folder, where its `.env` says which host to speak to. */
async function wrangler(
  name: string,
  folder: ProjectFolder,
  ...args: readonly string[]
): Promise<{ exit: number; output: string }> {
  const bin = resolve(`node_modules/${name}/bin/wrangler.js`);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CI: "1",
    NO_COLOR: "1",
    WRANGLER_SEND_METRICS: "false",
    HOME: folder.path,
  };
  for (const variable of Object.keys(env)) if (variable.startsWith("CLOUDFLARE_")) delete env[variable];
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: `${folder.path}/project`,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  return await new Promise((done) => child.on("close", (exit) => done({ exit: exit ?? -1, output })));
}

async function ask(port: number, name: string, path = "/"): Promise<string> {
  // A host name below localhost need not resolve; the header is what routes.
  const { request } = await import("node:http");
  return await new Promise((done, fail) => {
    request(
      { port, path, host: "127.0.0.1", headers: { host: `${name}.localhost:${port}` }, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("end", () => done(`${response.statusCode} ${text}`));
      },
    )
      .on("error", fail)
      .end();
  });
}

for (const [title, bin] of Object.entries(WRANGLERS)) {
  test(`${title} deploys a project with a .env of three lines, and again, and rolls back`, async () => {
    using folder = projectFolder({
      "project/wrangler.toml": `name = "shop"\nmain = "src/index.ts"\ncompatibility_date = "2026-07-01"\n[vars]\nGREETING = "hello"\n[env.staging.vars]\nGREETING = "try"\n`,
      "project/src/index.ts": `import { text } from "./text";\nexport default { fetch: (request: Request, env: { GREETING: string }) => new Response(text(env.GREETING)) };\n`,
      "project/src/text.ts": `export const text = (greeting: string): string => greeting + " one";\n`,
    });
    await using cli = startCli(
      ["serve", "--data", "data", "--port", "0", "--control-port", "0"],
      folder.path,
    );
    const [, port = ""] = await cli.waitFor(/Skerry listens on http:\/\/127\.0\.0\.1:(\d+)/);
    const made = await runCli(
      ["token", "create", "laptop", "--account", "default", "--data", "data"],
      folder.path,
    );
    assert.is(made.exit, 0, made.output);
    folder.write("project/.env", made.output);
    const run = async (...args: string[]): Promise<string> => {
      const { exit, output } = await wrangler(bin, folder, ...args);
      assert.is(exit, 0, `wrangler ${args.join(" ")}:\n${output}`);
      return output;
    };

    await run("deploy");
    assert.is(await ask(Number(port), "shop"), "200 hello one");
    folder.write(
      "project/src/text.ts",
      `export const text = (greeting: string): string => greeting + " two";\n`,
    );
    await run("deploy");
    assert.is(await ask(Number(port), "shop"), "200 hello two");
    await run("deploy", "--env", "staging");
    assert.is(await ask(Number(port), "shop-staging"), "200 try two");
    folder.write("project/secrets.json", `{"TOKEN":"from wrangler"}`);
    await run("secret", "bulk", "secrets.json");
    assert.match(await run("secret", "list"), "TOKEN");
    await run("deploy");
    assert.match(await run("secret", "list"), "TOKEN");
    assert.match(await run("deployments", "list"), /\(100%\)/);
    const listed = await run("versions", "list", "--json");
    const [oldest] = JSON.parse(listed.slice(listed.indexOf("["))) as { id: string }[];
    await run("rollback", oldest!.id, "--yes", "--message", "back");
    assert.is(await ask(Number(port), "shop"), "200 hello one");
    assert.match(await run("whoami"), "default");

    folder.write(
      "project/src/index.ts",
      `import fs from "node:fs";\nexport default { fetch: () => new Response(typeof fs) };\n`,
    );
    const refused = await wrangler(bin, folder, "deploy");
    assert.not.equal(refused.exit, 0);
    assert.match(refused.output, "node:fs");
    assert.is(await ask(Number(port), "shop"), "200 hello one");
    await run("delete", "--force");
    assert.match(await ask(Number(port), "shop"), /^404/);
  });
}

test("skerry tail shows requests and logs as they come", async () => {
  using folder = projectFolder({
    "project/wrangler.jsonc": `{ "name": "talk", "main": "index.js", "compatibility_date": "2026-07-01" }`,
    "project/index.js": `export default { fetch(request) { console.log("said", new URL(request.url).pathname); return new Response("ok"); } };`,
  });
  await using cli = startCli(["serve", "--data", "data", "--port", "0", "--control-port", "0"], folder.path);
  const [, port = ""] = await cli.waitFor(/Skerry listens on http:\/\/127\.0\.0\.1:(\d+)/);
  folder.write(
    "project/.env",
    (await runCli(["token", "create", "ci", "-a", "default", "-d", "data"], folder.path)).output,
  );
  assert.is((await wrangler("wrangler", folder, "deploy")).exit, 0);
  await using own = startCli(["tail", "talk", "--data", "data"], folder.path);
  // It does not say when it has begun: there are requests until it has shown one.
  for (let n = 0; n < 300 && !own.output.includes("GET /hear"); n++) {
    await ask(Number(port), "talk", "/hear");
    await new Promise((done) => setTimeout(done, 200));
  }
  assert.match(own.output, /said \/hear/);
  assert.match(own.output, /GET \/hear 200/);
});

test("wrangler uploads a version, shares traffic, and works on KV from outside", async () => {
  using folder = projectFolder({
    "project/wrangler.jsonc": `{ "name": "kv", "main": "index.js", "compatibility_date": "2026-07-01" }`,
    "project/index.js": `export default { fetch: () => new Response("first") };`,
  });
  await using cli = startCli(["serve", "--data", "data", "--port", "0", "--control-port", "0"], folder.path);
  const [, port = ""] = await cli.waitFor(/Skerry listens on http:\/\/127\.0\.0\.1:(\d+)/);
  folder.write(
    "project/.env",
    (await runCli(["token", "create", "ci", "-a", "default", "-d", "data"], folder.path)).output,
  );
  const run = async (...args: string[]): Promise<string> => {
    const { exit, output } = await wrangler("wrangler", folder, ...args);
    assert.is(exit, 0, `wrangler ${args.join(" ")}:\n${output}`);
    return output;
  };
  await run("deploy");
  const [, id = ""] = /"id": "([0-9a-f]{32})"/.exec(await run("kv", "namespace", "create", "SPACE")) ?? [];
  await run("kv", "key", "put", "a/b c", "stored", "--namespace-id", id, "--remote", "--metadata", `{"z":1}`);
  assert.match(await run("kv", "key", "list", "--namespace-id", id, "--remote"), /"a\/b c"[^]*"z": 1/);
  folder.write(
    "project/wrangler.jsonc",
    `{ "name": "kv", "main": "index.js", "compatibility_date": "2026-07-01", "kv_namespaces": [{ "binding": "KV", "id": "${id}" }] }`,
  );
  folder.write(
    "project/index.js",
    `export default { fetch: async (request, env) => new Response(await env.KV.get("a/b c")) };`,
  );
  const uploaded = await run("versions", "upload", "--tag", "t2", "--preview-alias", "try");
  const [, version = ""] = /Worker Version ID: ([0-9a-f-]{36})/.exec(uploaded) ?? [];
  const short = version.slice(0, 8);
  assert.match(uploaded, `https://${short}-kv.localhost:${port}`);
  assert.match(uploaded, `https://try-kv.localhost:${port}`);
  assert.is(await ask(Number(port), "kv"), "200 first");
  assert.is(await ask(Number(port), `${short}-kv`), "200 stored");
  assert.is(await ask(Number(port), "try-kv"), "200 stored");
  assert.match(await run("versions", "view", version), "t2");
  await run("versions", "deploy", `${version}@100`, "--yes");
  assert.is(await ask(Number(port), "kv"), "200 stored");
  await run("kv", "key", "delete", "a/b c", "--namespace-id", id, "--remote");
  assert.is(await ask(Number(port), "kv"), "200 ");
});

test.run();
