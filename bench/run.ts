import { parseArgs } from "node:util";
import { FULL_SIZE, runBench, SCENARIOS, SHORT_SIZE } from "./bench.ts";
import type { CellKind } from "./scenario.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: "boolean", default: false }, cell: { type: "string", multiple: true } },
});
const cells = (values.cell ?? ["in-process", "process"]) as CellKind[];
await runBench(
  {
    scenarios: positionals.length > 0 ? positionals : Object.keys(SCENARIOS),
    cells,
    size: values.short ? SHORT_SIZE : FULL_SIZE,
    jsonFolder: "bench/results",
  },
  console.log,
);
