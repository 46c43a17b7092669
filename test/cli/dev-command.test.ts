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
  assert.match(cli.output, 'warning: wrangler.toml:3:1: "observability" is not supported and is ignored');
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

test.run();
