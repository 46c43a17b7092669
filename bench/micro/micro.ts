import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CellKind } from "../cell-kind.ts";
import { machineFacts } from "../machine-facts.ts";
import { type MicroReport, table } from "./micro-report.ts";
import type { MicroSize, Row, Scenario } from "./scenario.ts";
import { asset } from "./scenarios/asset.ts";
import { cells } from "./scenarios/cells.ts";
import { coldStart } from "./scenarios/cold-start.ts";
import { crypto } from "./scenarios/crypto.ts";
import { image } from "./scenarios/image.ts";
import { kv } from "./scenarios/kv.ts";
import { memory } from "./scenarios/memory.ts";
import { neighbour } from "./scenarios/neighbour.ts";
import { noisyNeighbours } from "./scenarios/noisy-neighbours.ts";
import { warmPath } from "./scenarios/warm-path.ts";
import { warmRequest } from "./scenarios/warm-request.ts";

/** Every scenario, by the name under which it can be asked for. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "cold-start": coldStart,
  image,
  "warm-request": warmRequest,
  asset,
  "warm-path": warmPath,
  kv,
  crypto,
  memory,
  neighbour,
  "noisy-neighbours": noisyNeighbours,
  cells,
};

/** Which scenarios to run, where, how long, and where to write. */
export interface MicroOptions {
  readonly scenarios: readonly string[];
  readonly cells: readonly CellKind[];
  readonly size: MicroSize;
  readonly jsonFolder: string;
}

/** The form that takes a minute or two. */
export const FULL_SIZE: MicroSize = { samples: 60, timeMs: 3_000 };
/** The form that only shows that every scenario works. */
export const SHORT_SIZE: MicroSize = { samples: 4, timeMs: 50 };

/**
 * Runs scenarios one after the other, prints the table and writes it as JSON.
 * @returns The report, and the path of the JSON file.
 */
export async function runMicro(
  options: MicroOptions,
  print: (text: string) => void,
): Promise<{ report: MicroReport; path: string }> {
  const startedAt = new Date().toISOString();
  const machine = machineFacts();
  const results: { cell: CellKind; rows: Row[] }[] = [];
  for (const cell of options.cells) {
    const rows: Row[] = [];
    for (const name of options.scenarios) {
      const scenario = SCENARIOS[name];
      if (scenario === undefined) {
        throw new RangeError(
          `there is no scenario "${name}"; there are ${Object.keys(SCENARIOS).join(", ")}`,
        );
      }
      rows.push(...(await scenario(cell, options.size)));
    }
    results.push({ cell, rows });
  }
  const report: MicroReport = { startedAt, machine, results };
  await mkdir(options.jsonFolder, { recursive: true });
  const path = join(options.jsonFolder, `${startedAt.replaceAll(":", "-")}.json`);
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  print(table(report));
  print(`\nwritten to ${path}`);
  return { report, path };
}
