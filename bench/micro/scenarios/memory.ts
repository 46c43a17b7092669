import { createHost } from "../../../src/index.ts";
import type { Row, Scenario } from "../scenario.ts";
import { summarize } from "../../statistics/summarize.ts";
import { HELLO, padded, worker } from "../../workers.ts";

/** What one more warm isolate adds to the resident memory of the cell, for two sizes of script. */
export const memory: Scenario = async (cell, { samples }) => {
  const rows: Row[] = [];
  const count = Math.max(10, samples);
  for (const [label, source] of [
    ["0.1 KB", HELLO],
    ["100 KB", padded(100 * 1024)],
  ] as const) {
    await using host = await createHost({ cell, cells: 1, warm: { maxIsolates: count + 10 } });
    const deployAndAsk = async (name: string): Promise<void> => {
      const target = await host.deploy(worker(name, source));
      await (await target.fetch("http://memory/")).text();
    };
    for (let i = 0; i < 5; i++) await deployAndAsk(`first-${i}`);
    const before = (await host.stats()).cellRssBytes;
    for (let i = 0; i < count; i++) await deployAndAsk(`more-${i}`);
    const after = (await host.stats()).cellRssBytes;
    const each = (after - before) / count / 1024 / 1024;
    rows.push({ scenario: "memory", what: `warm isolate, ${label}`, unit: "MB", summary: summarize([each]) });
  }
  return rows;
};
