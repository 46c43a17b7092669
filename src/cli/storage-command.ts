import { resolve } from "node:path";
import { Command } from "commander";
import { textTable } from "../../bench/report/text-table.ts";
import { readControlAccess } from "../control/api/control-access.ts";
import { ControlClient } from "../control/api/control-client.ts";
import type { HostStorage } from "../storage/host-storage.ts";
import type { StorageUse } from "../storage/storage-ledger.ts";

const MIB = 1024 ** 2;
const HEAD = ["account", "used", "of", "%", "KV", "versions", "assets"];

/** `skerry storage`: shows what each account stores, of how much. */
export function storageCommand(): Command {
  return new Command("storage")
    .description("show what each account stores, of how much, and what is free of the disk")
    .option("-d, --data <folder>", "data folder of the running host", ".skerry")
    .option("--json", "print it as JSON, in bytes")
    .addHelpText("after", "\nExamples:\n  skerry storage\n  skerry storage --json")
    .action(async ({ data, json }: { readonly data: string; readonly json?: true }) => {
      const found = await new ControlClient(readControlAccess(resolve(data))).storage();
      process.stdout.write(json === true ? `${JSON.stringify(found)}\n` : storageTable(found));
    });
}

/** As people read it: in MiB, those that use most of theirs first. */
export function storageTable({ accounts, diskFreeBytes }: HostStorage): string {
  const rows = accounts
    .map((account) => ({ ...account, part: partUsed(account) }))
    .toSorted((a, b) => (a.part === b.part ? 0 : b.part - a.part))
    .map(({ account, usedBytes, limitBytes, part, kvBytes, recordBytes, assetBytes }) => [
      account,
      mib(usedBytes),
      mib(limitBytes),
      limitBytes > 0 ? (part * 100).toFixed(1) : "–",
      mib(kvBytes),
      mib(recordBytes),
      mib(assetBytes),
    ]);
  const lines = textTable([HEAD, ...rows], [0], "");
  if (diskFreeBytes !== null) lines.push("", `${mib(diskFreeBytes)} are free on the disk.`);
  return `${lines.join("\n")}\n`;
}

/** Nothing of nothing is none of it. */
function partUsed({ usedBytes, limitBytes }: StorageUse): number {
  return usedBytes === 0 ? 0 : usedBytes / limitBytes;
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
