import { test } from "uvu";
import * as assert from "uvu/assert";
import { storageTable } from "../../src/cli/storage-command.ts";
import { projectFolder } from "../wrangler-compat/project-folder.ts";
import { portOf, runCli, startCli } from "./run-cli.ts";

const MIB = 1024 ** 2;

test("storageTable shows accounts by how much they use of what they may", () => {
  const use = (account: string, kvBytes: number, limitBytes: number) => ({
    account,
    limitBytes,
    usedBytes: kvBytes + MIB,
    kvBytes,
    recordBytes: MIB,
    assetBytes: 0,
  });
  const accounts = [use("small", MIB, 100 * MIB), use("nothing-may", 0, 0), use("full", 99 * MIB, 100 * MIB)];
  assert.equal(storageTable({ accounts, diskFreeBytes: 2.5 * MIB }).split("\n"), [
    "account           used         of      %        KV  versions   assets",
    "nothing-may    1.0 MiB    0.0 MiB      –   0.0 MiB   1.0 MiB  0.0 MiB",
    "full         100.0 MiB  100.0 MiB  100.0  99.0 MiB   1.0 MiB  0.0 MiB",
    "small          2.0 MiB  100.0 MiB    2.0   1.0 MiB   1.0 MiB  0.0 MiB",
    "",
    "2.5 MiB are free on the disk.",
    "",
  ]);
});

test("storageTable shows last who may store nothing, and stores nothing", () => {
  const use = (account: string, kvBytes: number, limitBytes: number) => {
    return { account, limitBytes, usedBytes: kvBytes, kvBytes, recordBytes: 0, assetBytes: 0 };
  };
  const accounts = [use("little", MIB, 100 * MIB), use("none", 0, 0), use("most", 99 * MIB, 100 * MIB)];
  const lines = storageTable({ accounts, diskFreeBytes: null }).trimEnd().split("\n").slice(1);
  assert.equal(
    lines.map((line) => line.split(/ {2,}/)).map(([account, , , percent]) => [account, percent]),
    [
      ["most", "99.0"],
      ["little", "1.0"],
      ["none", "–"],
    ],
  );
});

test("skerry storage shows what accounts of a running host store", async () => {
  using folder = projectFolder({
    "shop/index.js": "export default { fetch: () => new Response('hi') };",
    "skerry.json":
      '{ "storage": { "accountBytes": 10485760 }, "accounts": { "default": { "storage": { "accountBytes": 1048576 } } } }',
  });
  await using cli = startCli(["serve", "--data", "data", "--port", "0", "--cells", "1"], folder.path);
  await portOf(cli);
  const run = async (...args: string[]): Promise<string> =>
    (await runCli([...args, "--data", "data"], folder.path)).output;
  await run("deploy", "shop");
  assert.match(await run("storage"), /^default +0\.0 MiB +1\.0 MiB +\d\.\d +0\.0 MiB +0\.0 MiB +0\.0 MiB$/m);
  const { accounts, diskFreeBytes } = JSON.parse(await run("storage", "--json")) as {
    accounts: { account: string; usedBytes: number; limitBytes: number }[];
    diskFreeBytes: number;
  };
  assert.equal(
    accounts.map(({ account, limitBytes }) => [account, limitBytes]),
    [["default", 1_048_576]],
  );
  assert.ok(accounts[0]!.usedBytes > 5_000 && diskFreeBytes > 0);
});

test.run();
