import { parseArgs } from "node:util";
import { runDeploys } from "./deploys.ts";

const USAGE = `npm run deploys -- [--deploys 1000] [--rate 300] [--cell process|in-process] [--data FOLDER] [--busy]

Deploys a worker again and again while it is asked over loopback; exits with 1 if a request failed.
With --busy the host refuses nothing because a machine that has other work is slow.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      deploys: { type: "string", default: "1000" },
      rate: { type: "string", default: "300" },
      cell: { type: "string", default: "process" },
      data: { type: "string" },
      busy: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const result = await runDeploys({
    deploys: Number(values.deploys),
    perS: Number(values.rate),
    cell: values.cell === "in-process" ? "in-process" : "process",
    ...(values.busy && { admission: { maxWaitMs: 0 } }),
    ...(values.data !== undefined && { dataFolder: values.data }),
  });
  console.log(JSON.stringify(result, null, 2));
  const failed = [result.failures, result.deleteFailures].some((found) => Object.keys(found).length > 0);
  process.exitCode = failed || result.faults.length > 0 ? 1 : 0;
}

await main();
