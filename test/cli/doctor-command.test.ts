import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withoutNamespaces } from "../cell/sandbox/bare-user.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { runCli, startCli } from "./run-cli.ts";

interface Report {
  readonly fit: boolean;
  readonly checks: readonly { check: string; state: string; detail: string; remedy?: string }[];
  readonly sandbox: readonly { name: string; essential: boolean; applied: boolean }[];
}

const ESSENTIAL = ["files", "network", "processes"];

async function doctor(cwd: string, ...args: string[]): Promise<{ exit: number | string; report: Report }> {
  const { exit, output } = await runCli(["doctor", "--json", "--data", "data", ...args], cwd);
  return { exit, report: JSON.parse(output) as Report };
}

/** Runs the command line on a machine without namespaces. */
function runBare(
  before: readonly string[],
  args: readonly string[],
  cwd: string,
): Promise<{ exit: number; output: string }> {
  const [command = "", ...rest] = [
    ...before,
    process.execPath,
    "--no-node-snapshot",
    resolve("src/cli/bin.ts"),
    ...args,
  ];
  return new Promise((done) => {
    execFile(command, rest, { cwd, env: { ...process.env, NO_COLOR: "1" } }, (error, out, errors) =>
      done({ exit: error === null ? 0 : Number(error.code), output: out + errors }),
    );
  });
}

test("skerry doctor prints a table of what a host needs, and exits with 0 where it can start", async () => {
  using folder = projectFolder({});
  const { exit, output } = await runCli(["doctor", "--data", "data", "--port", "0"], folder.path);
  assert.is(exit, 0, output);
  for (const check of [
    "node",
    "isolated-vm",
    "better-sqlite3",
    "memory",
    "data folder",
    "port",
    "permissions",
  ]) {
    assert.match(output, new RegExp(`^  (ok|warn) +${check} `, "m"));
  }
  assert.match(output, "skerry serve can start here");
});

test("skerry doctor exits with 1, and says why, where serve would not start", async () => {
  using folder = projectFolder({ file: "no folder" });
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.on("listening", listening));
  const { port } = server.address() as AddressInfo;
  const taken = await doctor(folder.path, "--port", String(port));
  assert.is(taken.exit, 1);
  assert.not.ok(taken.report.fit);
  const failed = taken.report.checks.filter(({ state }) => state === "fail");
  assert.equal(
    failed.map(({ check }) => check),
    ["port"],
  );
  assert.match(failed[0]!.detail, `127.0.0.1:${port} is taken`);
  server.close();

  const wrong = await doctor(folder.path, "--port", "0", "--data", "file/data");
  assert.is(wrong.exit, 1);
  assert.match(wrong.report.checks.find(({ check }) => check === "data folder")!.detail, "cannot be written");
});

test("skerry doctor knows a host that runs already", async () => {
  using folder = projectFolder({});
  await using cli = startCli(["serve", "--data", "data", "--port", "0", "--cells", "1"], folder.path);
  await cli.waitFor(/Skerry listens/);
  const { exit, report } = await doctor(folder.path, "--port", "0");
  assert.is(exit, 0);
  assert.is(report.checks.find(({ check }) => check === "lock")!.state, "warn");
  cli.signal("SIGTERM");
  await cli.exit;
});

const bare = withoutNamespaces();
if (bare !== undefined) {
  test("without namespaces skerry serve starts with what is left, says so, and refuses where more is required", async () => {
    using folder = projectFolder({});
    const told = await runBare(bare, ["doctor", "--json", "--data", "data", "--port", "0"], folder.path);
    assert.is(told.exit, 0, told.output);
    const { sandbox } = JSON.parse(told.output) as Report;
    const missing = sandbox.filter(({ applied }) => !applied).map(({ name }) => name);
    for (const name of ESSENTIAL) assert.ok(missing.includes(name), `${name} of ${missing.join()}`);
    for (const name of ["permissions", "limits"]) assert.not.ok(missing.includes(name), name);

    const demanded = ["--data", "data", "--port", "0", "--sandbox", "require"];
    const advised = await runBare(bare, ["doctor", ...demanded], folder.path);
    assert.is(advised.exit, 1);
    assert.match(advised.output, /^ {2}fail +files +missing/m);
    const refused = await runBare(bare, ["serve", ...demanded], folder.path);
    assert.is(refused.exit, 1, refused.output);
    assert.match(refused.output, /^error: the sandbox of the cells is required, and lacks\n +files: /m);
  });
}

test("a sandbox is refused to cells that live in the host's process", async () => {
  using folder = projectFolder({});
  const args = ["serve", "--data", "data", "--port", "0", "--cell", "in-process", "--sandbox", "require"];
  const { exit, output } = await runCli(args, folder.path);
  assert.is(exit, 1);
  assert.match(output, /"cell" must be "process"/);
});

test.run();
