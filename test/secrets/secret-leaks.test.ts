import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { keyText, newMasterKey } from "../../src/secrets/master-key.ts";
import { portOf, runCli, startCli } from "../cli/run-cli.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";

const CANARY = "canary-7f3a9c51-value";
const BIN = resolve("src/cli/bin.ts");

/** All files below a folder, as bytes. */
function filesOf(folder: string): [name: string, bytes: Buffer][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path)]);
}

/** What everybody, or the user, can see of the processes that descend from those with a text in their arguments. */
function processesOf(text: string): [name: string, bytes: Buffer][] {
  const parents = new Map<string, string>();
  const found = new Set<string>();
  const seen: [string, Buffer][] = [];
  const read = (path: string): Buffer => {
    try {
      return readFileSync(path);
    } catch {
      return Buffer.alloc(0);
    }
  };
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    parents.set(pid, /^PPid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`).toString())?.[1] ?? "0");
    if (pid !== String(process.pid) && read(`/proc/${pid}/cmdline`).includes(text)) found.add(pid);
  }
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, parent] of parents)
      if (found.has(parent) && !found.has(pid)) grown = found.add(pid).has(pid);
  }
  for (const pid of found)
    for (const file of ["cmdline", "environ"]) {
      const path = `/proc/${pid}/${file}`;
      seen.push([path, read(path)]);
    }
  return seen;
}

test("a secret and its key stand nowhere in clear: data folder, output, errors, arguments, environments", async () => {
  const worker =
    "export default { fetch: (request, env) => { throw new Error('length ' + env.KEY.length); } };";
  using folder = projectFolder({ "shop/index.js": worker });
  const key = keyText(newMasterKey());
  process.env["SKERRY_SECRETS_KEY"] = key;
  await using cli = startCli(
    ["serve", "--data", join(folder.path, "data"), "--port", "0", "--cells", "1"],
    folder.path,
  );
  delete process.env["SKERRY_SECRETS_KEY"];
  const port = await portOf(cli);
  const deployed = await runCli(["deploy", "shop", "--data", "data", "--route", "127.0.0.1/*"], folder.path);
  assert.is(deployed.exit, 0, deployed.output);
  const put = (name: string, input: string): string => {
    const args = ["--no-node-snapshot", BIN, "secret", "put", name, "--worker", "shop", "--data", "data"];
    try {
      return execFileSync(process.execPath, args, {
        cwd: folder.path,
        input,
        encoding: "utf8",
        stdio: "pipe",
      });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return stdout + stderr;
    }
  };
  let said = put("KEY", `${CANARY}\n`);
  assert.match(said, "shop has the secret KEY now");
  said += put("not a name", CANARY);
  said += put("LARGE", CANARY.repeat(1_000));
  assert.match(said, "at most 5120 bytes");
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  assert.is(answer.status, 500);
  said += await answer.text();
  await cli.waitFor(new RegExp(`length ${CANARY.length}`));
  for (const args of [["list", "--worker", "shop"], ["rotate"], ["delete", "GONE", "--worker", "shop"]])
    said += (await runCli(["secret", ...args, "--data", "data"], folder.path)).output;
  assert.match(said, /^KEY$/m);
  const places = [...filesOf(folder.path), ["output", Buffer.from(cli.output)], ["said", Buffer.from(said)]];
  if (existsSync("/proc/self/environ")) {
    const processes = processesOf(folder.path);
    assert.ok(processes.length >= 4, "host and cell");
    places.push(...processes);
  }
  for (const [name, bytes] of places as [string, Buffer][])
    for (const text of [CANARY, key]) assert.not(bytes.includes(text), `${name} shows ${text}`);
  cli.signal("SIGTERM");
  assert.is(await cli.exit, 0, cli.output);
  for (const [name, bytes] of filesOf(folder.path))
    for (const text of [CANARY, key]) assert.not(bytes.includes(text), `${name} shows ${text}`);
});

test.run();
