/** The laboratory's command line: `npm run bench`. */
import { checkPaths } from "./laboratory/check-paths.ts";
import { LAB_HELP, type LabOptions, readLabOptions } from "./laboratory/lab-options.ts";
import { measureToFile } from "./laboratory/lab.ts";
import { installPeers } from "./laboratory/install-peers.ts";
import { printAims } from "./laboratory/print-aims.ts";
import { writeReport } from "./laboratory/write-report.ts";
import { INTERRUPTED } from "./run-end.ts";
import { skerry } from "./subjects/skerry.ts";
import { OURS } from "./subjects/subjects.ts";
import { profile } from "./tracing/profile.ts";
import { trace, traceText } from "./tracing/trace.ts";

const args = process.argv.slice(2);
const isHelp = args.includes("--help") || args.includes("-h");
try {
  if (args[0] === "aims" && !isHelp) console.log(await printAims(args.slice(1)));
  else {
    const options = readLabOptions(args);
    if (options === "help") console.log(LAB_HELP);
    else await run(options);
  }
} catch (error) {
  if (!isMistake(error)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

async function run(options: LabOptions): Promise<void> {
  if (options.trace) return console.log(traceText(await trace(OURS)));
  if (options.profilePath !== null) {
    // Isolates show V8's figures of their heaps in the host's process only.
    for (const subject of [OURS, skerry("in-process")])
      console.log((await profile(subject, options.profilePath, options.size.loadMs)).join("\n"));
    return;
  }
  const before = await checkPaths(options);
  if (options.installPeers) installPeers();
  if (options.fromPath === null) {
    const { path, measured, interrupted } = await measureToFile(options, console.log);
    console.log(await writeReport(path, { htmlPath: options.htmlPath, before }));
    // Whoever asked for what nobody could be measured in shall not take that for a result.
    process.exitCode = interrupted ? INTERRUPTED : measured ? 0 : 1;
  } else console.log(await writeReport(options.fromPath, { htmlPath: options.htmlPath, before }));
}

/** Whether somebody mistyped the call; all else is a fault of the laboratory, whose stack is wanted. */
function isMistake(error: unknown): error is Error {
  const code = error instanceof TypeError && "code" in error ? String(error.code) : "";
  return error instanceof RangeError || code.startsWith("ERR_PARSE_ARGS_");
}
