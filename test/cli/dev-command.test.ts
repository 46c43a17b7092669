import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { startCli } from "./run-cli.ts";

const CELL = process.env["SKERRY_TEST_CELL"] ?? "in-process";

function worker(text: string): string {
  return `import { suffix } from "./suffix.ts";
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    console.log("asked for", pathname);
    if (pathname === "/throw") throw new TypeError("thrown on purpose");
    return new Response(${JSON.stringify(text)} + suffix);
  },
};
`;
}

async function ask(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

test("skerry dev serves a folder, shows requests, logs and errors, and loads changes", async () => {
  using folder = projectFolder({
    "wrangler.toml": 'name = "shop"\nmain = "src/index.ts"\n[observability]\nenabled = true\n',
    "src/index.ts": worker("one"),
    "src/suffix.ts": 'export const suffix = "!";',
  });
  await using cli = startCli(["dev", folder.path, "--port", "0", "--cell", CELL]);
  const [, url = ""] = await cli.waitFor(/shop is ready on (http:\S+)/);
  assert.match(cli.output, 'warning: wrangler.toml:3:1: "observability" is ignored');
  assert.is(await ask(`${url}/a?b=1`), "one!");
  await cli.waitFor(/^asked for \/a$/m);
  await cli.waitFor(/^GET \/a\?b=1 200 \(.* CPU.*\)$/m);

  assert.is((await fetch(`${url}/throw`)).status, 500);
  await cli.waitFor(/^GET \/throw 500 exception/m);
  await cli.waitFor(/TypeError: thrown on purpose\n.*src\/index\.ts:6:\d+/);

  let from = cli.output.length;
  folder.write("src/suffix.ts", 'export const suffix = "?";');
  await cli.waitFor(/Reloaded in/, from);
  assert.is(await ask(url), "one?");

  from = cli.output.length;
  folder.write("src/index.ts", "export default {");
  await cli.waitFor(/error: src\/index\.ts:1:\d+: /, from);
  assert.is(await ask(url), "one?");

  from = cli.output.length;
  folder.write("src/index.ts", `throw new Error("at the top");\n${worker("two")}`);
  await cli.waitFor(/at the top/, from);
  assert.is(await ask(url), "one?");

  from = cli.output.length;
  folder.write("src/index.ts", worker("two"));
  await cli.waitFor(/Reloaded in/, from);
  assert.is(await ask(url), "two?");

  // Another name is another worker, which takes the place of the first.
  from = cli.output.length;
  folder.write("wrangler.toml", 'name = "other"\nmain = "src/index.ts"\n');
  await cli.waitFor(/Reloaded in/, from);
  assert.is(await ask(url), "two?");

  cli.signal("SIGINT");
  assert.is(await cli.exit, 0, cli.output);
});

test("skerry dev waits for a change when the worker cannot start", async () => {
  using folder = projectFolder({ "index.js": "throw new Error('at the top');" });
  await using cli = startCli(["dev", folder.path, "--port", "0", "--cell", CELL]);
  const [, url = ""] = await cli.waitFor(/will be tried again when it changes, on (http:\S+)/);
  assert.match(cli.output, /^error: .*at the top/m);
  assert.is((await fetch(url)).status, 503);
  folder.write("index.js", "export default { fetch: () => new Response('mended') };");
  await cli.waitFor(/Reloaded in/);
  assert.is(await ask(url), "mended");
});

test("skerry dev gives a worker its environment, its secrets and its build, shows them, and follows their changes", async () => {
  using folder = projectFolder({
    "wrangler.jsonc": `{
      "name": "shop", "main": "dist/index.js", "build": { "command": "node build.js" },
      "vars": { "MODE": "live" }, "kv_namespaces": [{ "binding": "CARTS" }],
      "env": { "staging": { "vars": { "MODE": "try", "LEVEL": 1 }, "secrets": { "required": ["KEY", "GONE"] },
        "kv_namespaces": [{ "binding": "CARTS", "id": "carts" }] } }
    }`,
    "build.js": `const fs = require("fs"); fs.mkdirSync("dist", { recursive: true });
      fs.writeFileSync("dist/index.js", fs.readFileSync("src/index.js")); console.log("built it");`,
    "package.json": '{"type": "commonjs"}',
    "src/index.js": "export default { fetch: (request, env) => Response.json(env) };",
    ".dev.vars": "KEY=not this one",
    ".dev.vars.staging": "KEY=hush\nOTHER=not asked for",
  });
  await using cli = startCli([
    ...["dev", folder.path, "--env", "staging", "--var", "LEVEL:a:b", "--port", "0", "--cell", CELL],
  ]);
  const [, url = ""] = await cli.waitFor(/shop-staging is ready on (http:\S+)/);
  for (const line of [
    /built it/,
    /warning: the secret "GONE" is required, and missing/,
    /env\.MODE +"try"/,
    /env\.KEY +from \.dev\.vars\.staging/,
    /env\.CARTS +KV namespace carts/,
  ])
    await cli.waitFor(line);
  assert.not.match(cli.output, "hush");
  assert.equal(JSON.parse(await ask(url)), { MODE: "try", LEVEL: "a:b", KEY: "hush", CARTS: {} });

  let from = cli.output.length;
  folder.write(".dev.vars.staging", "KEY=louder");
  await cli.waitFor(/Reloaded in/, from);
  assert.not.match(cli.output.slice(from), "built it");
  assert.match(await ask(url), "louder");

  from = cli.output.length;
  folder.write("src/index.js", "export default { fetch: () => new Response('built again') };");
  await cli.waitFor(/built it/, from);
  await cli.waitFor(/Reloaded in/, from);
  assert.is(await ask(url), "built again");

  from = cli.output.length;
  folder.write("build.js", "console.error('no clay'); process.exit(3);");
  folder.write("src/index.js", "x");
  await cli.waitFor(/error: build\.command "node build\.js" ended with 3\n +no clay/, from);
  assert.is(await ask(url), "built again");
});

test("skerry dev runs several workers that call each other, and fires cron handlers by hand", async () => {
  using folder = projectFolder({
    "shop/wrangler.toml": `name = "shop"\nmain = "index.js"\nservices = [{ binding = "AUTH", service = "auth" }, { binding = "NONE", service = "none" }]\n[triggers]\ncrons = ["0 3 * * MON"]`,
    "shop/index.js": `export default {
      fetch: (request, env) => (request.url.endsWith("/none") ? env.NONE : env.AUTH).fetch(request),
      scheduled: ({ cron, scheduledTime }) => { console.log("fired", cron, scheduledTime); if (cron === "fail") throw new Error("no"); },
    };`,
    "auth/wrangler.toml": 'name = "auth"\nmain = "index.js"',
    "auth/index.js":
      "export default { fetch: () => new Response('who?'), scheduled: () => console.log('fired auth') };",
  });
  const auth = `${folder.path}/auth/wrangler.toml`;
  await using cli = startCli(["dev", `${folder.path}/shop`, "-c", auth, "--port", "0", "--cell", CELL]);
  const [, url = ""] = await cli.waitFor(/shop is ready on (http:\S+)/);
  await cli.waitFor(/auth is ready for service bindings/);
  assert.match(cli.output, /env\.NONE +service none, which does not run here/);
  assert.match(cli.output, /cron 0 3 \* \* MON +http:\S+\/cdn-cgi\/handler\/scheduled\?cron=0%203/);
  assert.is(await ask(url), "who?");

  const fire = `${url}/cdn-cgi/handler/scheduled`;
  assert.is(await ask(`${fire}?cron=*+*+*+*+*&time=1000`), "ok");
  await cli.waitFor(/fired \* \* \* \* \* 1000/);
  assert.is(await ask(`${url}/__scheduled`), "ok");
  await cli.waitFor(/fired 0 3 \* \* MON \d+/);
  assert.is(await ask(`${fire}?worker=auth`), "ok");
  await cli.waitFor(/fired auth/);
  assert.match(await ask(`${url}/none`), 'Worker "none" does not run here');
  assert.is((await fetch(`${fire}?cron=fail`)).status, 500);
  assert.is((await fetch(`${fire}?worker=gone`)).status, 404);
  assert.is((await fetch(`${fire}?time=soon`)).status, 400);

  folder.write("auth/index.js", "export default { fetch: () => new Response('you!') };");
  await cli.waitFor(/Reloaded auth in/);
  assert.is(await ask(url), "you!");
});

test("skerry dev keeps its data to itself, and outlives a promise that fails while nobody waits for it", async () => {
  using folder = projectFolder({
    "index.js": "export default { fetch: () => new Response('here') };",
    ".skerry/control.db": "a host's",
  });
  // Stands in for a fault of Skerry's own.
  const fault = 'process.on("SIGUSR2",()=>void(Promise.reject(new Error("of_one_event"))))';
  await using cli = startCli(["dev", "--port", "0", "--cell", CELL], folder.path, {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}`,
  });
  const [, url = ""] = await cli.waitFor(/is ready on (http:\S+)/);
  assert.is(readFileSync(join(folder.path, ".skerry/control.db"), "utf8"), "a host's");
  assert.ok(existsSync(join(folder.path, ".skerry/dev/control.db")));
  assert.is(statSync(join(folder.path, ".skerry/dev")).mode & 0o777, 0o700);
  assert.is(readFileSync(join(folder.path, ".skerry/.gitignore"), "utf8"), "*\n");

  cli.signal("SIGUSR2");
  await cli.waitFor(/skerry: internal error: Error: of_one_event/);
  assert.is(await ask(url), "here");
});

test.run();
