/**
 * Offers a host several times the requests that it can answer, from a process of its own, and prints what becomes of
 * them: `node --no-node-snapshot bench/containment/overload.ts [--times 2,5] [--seconds 12] [--cell process]`.
 */
import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { createHost } from "../../src/index.ts";
import type { CellKind } from "../cell-kind.ts";
import { summarize } from "../statistics/summarize.ts";
import type { Offer, Offered } from "./offer-requests.ts";

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "2,5" },
    seconds: { type: "string", default: "12" },
    cell: { type: "string", default: "process" },
  },
});
const SECONDS = Number(values.seconds);
/** Some 10 ms of CPU: what the clients use is little beside it. */
const WORK = `let x = 1; for (let i = 0; i < 5e5; i++) x = (x * 1103515245 + 12345) % 2147483648;`;
const CLIENT = new URL("./offer-requests.ts", import.meta.url);
const PAUSE_MS = 2_000;

await using host = await createHost({ cell: values.cell as CellKind, limits: { cpuMs: 2_000 } });
await host.deploy({
  name: "work",
  main: "index.js",
  modules: [
    {
      name: "index.js",
      type: "esm",
      content: `export default { fetch() { ${WORK} return new Response(String(x)); } };`,
    },
  ],
  routes: ["work.test/*"],
});
const { port } = await host.listen({ port: 0 });
await offer({ port, seconds: 3, connections: 16 });
const peak = await offer({ port, seconds: SECONDS / 2, connections: 16 });
const peakPerS = peak.accepted.length / (SECONDS / 2);
console.log(`peak ${peakPerS.toFixed(0)}/s with 16 connections, ${line(peak.accepted)}\n`);
console.log(
  "| offered | answered, of the peak | accepted, ms: p50 | p99 | refused | within, ms: p50 | p99 | with Retry-After | else | well again after, ms |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const times of values.times.split(",").map(Number)) {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const { accepted, refused, withRetryAfter, others, wellAfterMs } = await offer({
    port,
    seconds: SECONDS,
    perS: peakPerS * times,
    wellMs: summarize(peak.accepted).p50 * 2,
  });
  const share = ((100 * accepted.length) / SECONDS / peakPerS).toFixed(0);
  const [ok, no] = [accepted, refused].map((list) => (list.length === 0 ? null : summarize(list)));
  console.log(
    `| ${times} x | ${share} % | ${ms(ok?.p50)} | ${ms(ok?.p99)} | ${refused.length} | ${ms(no?.p50)} | ${ms(no?.p99)} | ${withRetryAfter} | ${JSON.stringify(others)} | ${ms(wellAfterMs)} |`,
  );
}

function offer(offer: Offer): Promise<Offered> {
  const child = fork(CLIENT, { execArgv: [] });
  child.send(offer);
  return new Promise((resolve, reject) => {
    child.once("message", (offered) => resolve(offered as Offered));
    child.once("exit", (code) => reject(new Error(`the clients ended with code ${code}`)));
  });
}

function line(samples: readonly number[]): string {
  const { p50, p99 } = summarize(samples);
  return `p50 ${ms(p50)} ms, p99 ${ms(p99)} ms`;
}

function ms(value: number | undefined): string {
  return value === undefined ? "" : value.toFixed(value < 10 ? 1 : 0);
}
