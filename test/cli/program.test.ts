import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { runCli } from "./run-cli.ts";

const HELLO = "export default { fetch: () => new Response('hello') };";

test("skerry --help names every command, and each has a help text with an example", async () => {
  const { exit, output } = await runCli(["--help"]);
  assert.is(exit, 0);
  for (const command of ["dev", "serve", "deploy", "bench", "audit", "doctor", "quarantine"]) {
    assert.match(output, new RegExp(`^ {2}${command} `, "m"));
    const help = await runCli([command, "--help"]);
    assert.is(help.exit, 0);
    assert.match(help.output, `Usage: skerry ${command}`);
    assert.match(help.output, `Examples:\n  skerry ${command}`);
  }
});

test("skerry says what is wrong with its arguments, without a stack", async () => {
  const cases = [
    [["serv"], /unknown command 'serv'/],
    [["serve", "--port", "70000"], /It must be a whole number from 0 to 65535/],
    [["serve", "--cell", "thread"], /Allowed choices are process, in-process/],
    [["tail"], /missing required argument 'name'/],
    [["dev", "--var", "MODE"], /It must be a name and a value, such as MODE:try/],
  ] as const;
  for (const [args, expected] of cases) {
    const { exit, output } = await runCli(args);
    assert.is(exit, 1, output);
    assert.match(output, expected);
    assert.not.match(output, /^ {4}at /m);
  }
});

test("skerry dev says what is wrong with a folder, a config or a source", async () => {
  using folder = projectFolder({
    "empty/README.md": "",
    "config/wrangler.toml": 'name = "A B"\nmain = "gone.js"',
    "syntax/index.js": "export default {\n  fetch( {\n};\n",
    "node/index.js": 'import fs from "node:fs"; export default { fetch: () => fs };',
  });
  const cases = [
    ["nowhere", /^error: nowhere: there is no such folder or file$/m],
    ["empty", /^error: empty: has no worker; add a file such as index\.js/m],
    ["config", /^error: wrangler\.toml:1:1: "name" is "A B"; it must be/m],
    ["syntax", /^error: index\.js:\d:\d+: /m],
    ["node", /"node:fs" is a module of Node\.js/],
  ] as const;
  for (const [path, expected] of cases) {
    const { exit, output } = await runCli(["dev", path, "--port", "0"], folder.path);
    assert.is(exit, 1, output);
    assert.match(output, expected);
    assert.not.match(output, /^ {4}at /m);
  }
});

test("skerry serve names all that is wrong with its config file", async () => {
  using folder = projectFolder({ "skerry.toml": 'port = "http"\n[limits]\ncpu = 3\n' });
  const { exit, output } = await runCli(["serve"], folder.path);
  assert.is(exit, 1);
  assert.match(output, 'error: skerry.toml:1:1: "port" is "http"; it must be a whole number from 0 to 65535');
  assert.match(output, 'skerry.toml:3:1: "limits.cpu" is no key that Skerry knows');
});

test("skerry deploy says how to start a host where none runs", async () => {
  using folder = projectFolder({ "hello/index.js": HELLO });
  const { exit, output } = await runCli(["deploy", "hello", "--data", "data"], folder.path);
  assert.is(exit, 1);
  assert.match(
    output,
    /error: no host is running on the data folder .*data; start one with "skerry serve --data/,
  );
});

test.run();
