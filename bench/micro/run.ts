import { parseArgs } from "node:util";
import type { CellKind } from "../cell-kind.ts";
import { FULL_SIZE, runMicro, SCENARIOS, SHORT_SIZE } from "./micro.ts";

/** `npm run micro [-- SCENARIO...] [--short] [--cell KIND]`: benchmarks of single parts. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: "boolean", default: false }, cell: { type: "string", multiple: true } },
});
const cells = (values.cell ?? ["in-process", "process"]) as CellKind[];
await runMicro(
  {
    scenarios: positionals.length > 0 ? positionals : Object.keys(SCENARIOS),
    cells,
    size: values.short ? SHORT_SIZE : FULL_SIZE,
    jsonFolder: "bench/results",
  },
  console.log,
);
