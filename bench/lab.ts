/** The laboratory's command line: `npm run bench`. */
import { LAB_HELP, readLabOptions } from "./laboratory/lab-options.ts";
import { measureToFile } from "./laboratory/lab.ts";
import { printAims } from "./laboratory/print-aims.ts";
import { writeReport } from "./laboratory/write-report.ts";
import { skerry } from "./subjects/skerry.ts";
import { OURS } from "./subjects/subjects.ts";
import { profile } from "./tracing/profile.ts";
import { trace, traceText } from "./tracing/trace.ts";

const args = process.argv.slice(2);
try {
  if (args[0] === "aims") console.log(await printAims(args.slice(1)));
  else {
    const options = readLabOptions(args);
    if (options === "help") console.log(LAB_HELP);
    else if (options.trace) console.log(traceText(await trace(OURS)));
    else if (options.profilePath !== null) {
      // Isolates show V8's figures of their heaps in the host's process only.
      for (const subject of [OURS, skerry("in-process")])
        console.log((await profile(subject, options.profilePath, options.size.loadMs)).join("\n"));
    } else {
      const path = options.fromPath ?? (await measureToFile(options, console.log));
      console.log(await writeReport(path, options));
    }
  }
} catch (error) {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
