import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { CellKind } from "../cell-kind.ts";
import type { Attack, AttackLimits, Finding } from "./attack.ts";
import { CPU_ATTACKS } from "./cpu-attacks.ts";
import { MEMORY_ATTACKS } from "./memory-attacks.ts";
import { markdown } from "./table.ts";

const USAGE = `node --no-node-snapshot bench/containment/run.ts memory|cpu [--cell KIND] [NAME...]`;
const PROGRAM = fileURLToPath(new URL("./one-attack.ts", import.meta.url));
const PATIENCE_MS = 45_000;

const TABLES: Readonly<
  Record<string, { readonly attacks: readonly Attack[]; readonly limits: AttackLimits }>
> = {
  // Time enough to take whatever there is.
  memory: { attacks: MEMORY_ATTACKS, limits: { cpuMs: 4_000, memoryMb: 128, cellMemoryMb: 512 } },
  cpu: { attacks: CPU_ATTACKS, limits: { cpuMs: 50, memoryMb: 128, cellMemoryMb: 512 } },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cell: { type: "string", multiple: true } },
});
const [kind = "", ...names] = positionals;
const table = TABLES[kind];
if (table === undefined) throw new Error(`usage: ${USAGE}`);
const findings: Finding[] = [];
for (const attack of table.attacks) {
  if (names.length > 0 && !names.includes(attack.name)) continue;
  for (const cell of (values.cell ?? ["in-process", "process"]) as CellKind[]) {
    const finding = await run(attack, cell, table.limits);
    findings.push(finding);
    process.stderr.write(`${JSON.stringify(finding)}\n`);
  }
}
console.log(markdown(table.attacks, findings));

function run(attack: Attack, cell: CellKind, limits: AttackLimits): Promise<Finding> {
  const child = spawn(
    process.execPath,
    ["--no-node-snapshot", PROGRAM, JSON.stringify({ attack, cell, limits })],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (text !== "") return resolve(JSON.parse(text) as Finding);
      const outcome = child.killed ? "not measured" : `host died: ${signal ?? code}`;
      resolve({
        name: attack.name,
        cell,
        outcome,
        message: "",
        answerMs: -1,
        givenUpMs: -1,
        peakMb: -1,
        beforeMb: -1,
        catastrophes: 0,
      });
    });
  });
}
