import { createHost } from "../../src/index.ts";
import type { CellKind } from "../cell-kind.ts";
import type { Attack, AttackLimits, Finding } from "./attack.ts";
import { isCell, processTree, residentBytes } from "./processes.ts";

/**
 * Runs one attack in a host of its own, and prints what came of it as JSON: a process of its own, as an attack
 * in process may be impossible to end.
 */
const { attack, cell, limits } = JSON.parse(process.argv[2] ?? "") as {
  readonly attack: Attack;
  readonly cell: CellKind;
  readonly limits: AttackLimits;
};
const MIB = 1024 * 1024;
const LOOK_MS = 4;
const WAIT_MS = 20_000;
const SETTLE_MS = 2_500;

let catastrophes = 0;
let cause = "";
let givenUpMs = -1;
let startedMs = 0;
const host = await createHost({
  cell,
  cells: 1,
  spares: 1,
  cellMemoryMb: limits.cellMemoryMb,
  wasmCompile: true,
  limits: { memoryMb: limits.memoryMb, cpuMs: limits.cpuMs, wallMs: 60_000 },
  onCatastrophe: ({ message }) => {
    catastrophes++;
    if (givenUpMs < 0) givenUpMs = performance.now() - startedMs;
    cause ||= message;
  },
  onEvent: (record) => {
    if (record.worker === "bad") outcome = record.outcome;
  },
  onLog: ({ text }) => (message ||= text),
});
let outcome = "";
let message = "";
const deploy = (name: string, body: string): Promise<unknown> =>
  host.deploy({
    name,
    main: "index.js",
    modules: [{ name: "index.js", type: "esm", content: `export default { async fetch() { ${body} } }` }],
  });
await deploy("good", `return new Response("good")`);
await deploy(
  "bad",
  `if (arguments[0].url.endsWith("warm")) return new Response(); ${attack.code}; return new Response("done");`,
);
await (await host.worker("good")!.fetch("http://good/")).text();
await (await host.worker("bad")!.fetch("http://bad/warm")).text();
await sleep(300);
outcome = "";

let tree = processTree();
const before = Math.max(...held().map(residentBytes));
let peak = 0;
const sampler = setInterval(() => {
  if (catastrophes > 0) tree = processTree();
  peak = Math.max(peak, ...held().map(residentBytes));
}, LOOK_MS);
startedMs = performance.now();
const answer = await Promise.race([
  host
    .worker("bad")!
    .fetch("http://bad/")
    .then(async (response) => `${response.status} ${(await response.text()).slice(0, 80)}`),
  new Promise<string>((resolve) => setTimeout(resolve, WAIT_MS, "no answer")),
]);
const answerMs = performance.now() - startedMs;
// What goes on all the same is reported some time after the answer.
const isCut = outcome === "exceededCpu" || outcome === "exceededMemory";
const deadlineMs = performance.now() + (isCut ? SETTLE_MS : 100);
while (catastrophes === 0 && performance.now() < deadlineMs) await sleep(20);
await sleep(50);
clearInterval(sampler);
const finding: Finding = {
  name: attack.name,
  cell,
  outcome: outcome || answer,
  message: cause || message,
  answerMs,
  givenUpMs,
  peakMb: peak / MIB,
  beforeMb: before / MIB,
  catastrophes,
};
process.stdout.write(`${JSON.stringify(finding)}\n`, () => process.kill(process.pid, "SIGKILL"));

/** The processes that hold isolates. */
function held(): number[] {
  return cell === "process" ? tree.filter(isCell) : tree.slice(0, 1);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
