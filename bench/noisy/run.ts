import { parseArgs } from "node:util";
import { machineFacts } from "../machine-facts.ts";
import type { CellKind } from "../cell-kind.ts";
import { measureNoise } from "./measure-noise.ts";
import { NOISE_KINDS } from "./noise-kinds.ts";
import { noiseTable, type NoiseResult } from "./noise-table.ts";
import { writeSection } from "./write-section.ts";

/** `npm run noise`: measures noisy neighbours in both kinds of cell, and writes the table where it is asked to. */
const USAGE = `npm run noise -- [--cell process|in-process] [--ms 4500] [--reserve 0] [--write FILE] [KIND...]
kinds: ${NOISE_KINDS.map(({ name }) => JSON.stringify(name)).join(", ")}`;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: "boolean", default: false },
    cell: { type: "string", multiple: true, default: ["process", "in-process"] },
    ms: { type: "string", default: "4500" },
    reserve: { type: "string", default: "0" },
    write: { type: "string" },
  },
});
const unknown = positionals.find((kind) => !NOISE_KINDS.some(({ name }) => name === kind));
if (unknown !== undefined) console.error(`no kind of noise is called ${JSON.stringify(unknown)}`);
if (values.help || unknown !== undefined) {
  console.log(USAGE);
  process.exit(unknown === undefined ? 0 : 1);
}
const kinds = NOISE_KINDS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const results: NoiseResult[] = [];
for (const cell of values.cell as CellKind[])
  results.push({ cell, rows: await measureNoise(cell, Number(values.ms), kinds, Number(values.reserve)) });
const table = noiseTable(results);
console.log(table);
for (const { cell, rows } of results)
  for (const { noise, noisePerSecond, errors } of rows)
    if (noise !== null)
      console.log(
        `${cell}, ${noise.name}: ${noisePerSecond.toFixed(0)} answers to the noise a second; ${[...new Set(errors)].slice(0, 5).join("; ")}`,
      );
if (values.write !== undefined) writeSection(values.write, "Noisy neighbours", sectionOf(table));

function sectionOf(text: string): string {
  const { cpu, node } = machineFacts();
  return `One account makes noise; a worker of another, which reads a key of KV and computes a little, is asked 100 times a second
all the while. The rate is fixed (what is late counts from when it was due), the clients are processes of their own,
and everything runs on one machine (${cpu}, Node ${node}). The goal: p99 at most 20 % or 5 ms above that
without noise, and no error. "Plain server" is one of \`node:http\` in a process of its own, which has nothing to do with Skerry
and is asked as often at the same time: what it suffers is what a busy machine does to every process. The victim's way
leads through three of them (host, cell, and host again), each of which waits for a core as often; a read of KV doubles that.
"Host's loop" is how late that is at p99. Clients of the noise and the origin that it fetches from, which would be on other
machines, give way to all of this (nice 10), but take their part of the two cores.

${text}

\`npm run noise -- --write docs/containment.md\` makes this table, in about three minutes.`;
}
