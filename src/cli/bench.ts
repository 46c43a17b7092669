import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { checkPaths } from "../../bench/laboratory/check-paths.ts";
import type { LabRecord } from "../../bench/laboratory/records.ts";
import { choosePinning } from "../../bench/laboratory/pinning.ts";
import { quoted } from "../../bench/laboratory/quoted.ts";
import { benchOwn } from "../../bench/own/bench-own.ts";
import { profileOwn, traceOwn } from "../../bench/own/look-into-own.ts";
import type { OwnWorker } from "../../bench/own/own-worker.ts";
import { INTERRUPTED } from "../../bench/run-end.ts";
import { putAssets } from "../../wrangler-compat/assets/put-assets.ts";
import { loadWorker } from "../../wrangler-compat/load-worker.ts";
import { DEFAULT_ACCOUNT } from "../control/deployer.ts";
import { SkerryError } from "../errors/skerry-error.ts";
import { makeDevelopmentFolder } from "./development-folder.ts";
import { printableLines } from "./printable.ts";
import { deployStandIns } from "./stand-in.ts";

/** What `skerry bench` can be told. */
export interface BenchOptions {
  readonly path: string;
  readonly env?: string;
  readonly rounds: number;
  readonly cold: number;
  readonly loadMs: number;
  readonly cell: "process" | "in-process";
  readonly pin: string;
  readonly json?: string;
  readonly html?: string;
  readonly compare?: string;
  readonly trace?: boolean;
  readonly profile?: string;
}

/**
 * Measures a worker, prints the report and writes it as a page.
 * @throws SkerryError `INVALID_OPTIONS` for a path that is none or a run that is not there; what loading the worker throws.
 */
export async function bench(folder: string, options: BenchOptions): Promise<void> {
  const before = await check(options);
  const { path, env, rounds, cold, loadMs, cell, pin, json, html } = options;
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const { upload, assets, parts, warnings } = await loadWorker(folder, { env, isLocal: true });
  for (const warning of warnings) say(`warning: ${printableLines(warning, "  ")}`);
  const worker: OwnWorker = {
    upload,
    parts,
    deployFirst: async (host) => {
      await deployStandIns(host, upload);
      if (assets !== undefined) await putAssets(host.control.assets, DEFAULT_ACCOUNT, assets);
    },
  };
  if (options.trace === true) return void process.stdout.write(`${await traceOwn(worker, { cell, path })}\n`);
  if (options.profile !== undefined) {
    const files = await profileOwn(worker, { cell, path, loadMs, folder: options.profile });
    return void process.stdout.write(`${files.join("\n")}\n`);
  }
  const { report, interrupted } = await benchOwn(
    worker,
    {
      path,
      cell,
      pin,
      size: { rounds, loadMs, coldStarts: cold, mostTenants: cold + 1 },
      jsonPath: json ?? defaultFile(folder),
      htmlPath: html ?? null,
      before,
      command: ["skerry bench", ...process.argv.slice(3).map(quoted)].join(" "),
    },
    say,
  );
  process.stdout.write(`${report}\n`);
  if (interrupted) process.exitCode = INTERRUPTED;
}

/** @returns the lines of the run to compare with; null for none */
async function check({ path, compare, json, html, pin }: BenchOptions): Promise<LabRecord[] | null> {
  const refuse = (message: string): never => {
    throw new SkerryError("INVALID_OPTIONS", message);
  };
  if (!/^\/[\x21-\x7e]*$/.test(path))
    refuse(`--path is ${JSON.stringify(path)}; it must begin with / and be encoded as in a URL`);
  try {
    choosePinning(pin);
    return await checkPaths({
      jsonPath: json ?? null,
      htmlPath: html ?? null,
      comparePath: compare ?? null,
      fromPath: null,
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function defaultFile(path: string): string {
  const root = resolve(path);
  const folder = existsSync(root) && statSync(root).isDirectory() ? root : dirname(root);
  const own = makeDevelopmentFolder(folder, join(folder, ".skerry", "bench"));
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  return join(own, `${time}.jsonl`);
}
