/** The laboratory's command line: `npm run bench`. */
import { LAB_HELP, readLabOptions } from "./laboratory/lab-options.ts";
import { measureToFile } from "./laboratory/lab.ts";
import { writeReport } from "./laboratory/write-report.ts";

try {
  const options = readLabOptions(process.argv.slice(2));
  if (options === "help") console.log(LAB_HELP);
  else {
    const path = options.fromPath ?? (await measureToFile(options, console.log));
    console.log(await writeReport(path, options));
  }
} catch (error) {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
