/** The laboratory's command line: `npm run bench`. */
import { LAB_HELP, readLabOptions } from "./laboratory/lab-options.ts";
import { measureToFile } from "./laboratory/lab.ts";
import { printAims } from "./laboratory/print-aims.ts";
import { writeReport } from "./laboratory/write-report.ts";

const args = process.argv.slice(2);
try {
  if (args[0] === "aims") console.log(await printAims(args.slice(1)));
  else {
    const options = readLabOptions(args);
    if (options === "help") console.log(LAB_HELP);
    else {
      const path = options.fromPath ?? (await measureToFile(options, console.log));
      console.log(await writeReport(path, options));
    }
  }
} catch (error) {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
