import { readSoakOptions, SOAK_HELP } from "./soak/soak-options.ts";
import { promisesOf, soakReport } from "./soak/soak-report.ts";
import { runSoak } from "./soak/soak-run.ts";

const options = readSoakOptions(process.argv.slice(2));
if (options === "help") console.log(SOAK_HELP);
else {
  console.log(`seed ${options.seed}`);
  const result = await runSoak(options, console.log);
  console.log(`\n${soakReport(result)}\n\nseed ${options.seed}`);
  process.exitCode = promisesOf(result).every(({ held }) => held) ? 0 : 1;
}
