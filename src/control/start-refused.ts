import { UploadRefused } from "../versions/upload-refused.ts";
import type { LoadRefused } from "../warm/load-refused.ts";

/** The same refusal as for code that does not parse, with the place where the top level failed. */
export function startRefused({ reason, error }: LoadRefused, main: string): UploadRefused {
  const place = /(?:\(|at |\n\s*)([^\s()]+):(\d+):(\d+)/.exec(error.stack);
  const [, file = main, line, column] = place ?? [];
  const text = {
    exception: error.name === "" ? `it threw ${error.message}` : `${error.name}: ${error.message}`,
    hung: `the top-level await never settles: ${error.message}`,
    exceededCpu: `the top level used more CPU than it may: ${error.message}`,
    exceededMemory: `the top level used more memory than it may: ${error.message}`,
    isolateLost: `the isolate was lost while the top level ran: ${error.message}`,
  }[reason];
  return new UploadRefused([
    {
      file,
      line: line === undefined ? null : Number(line),
      column: column === undefined ? null : Number(column),
      reason: text,
    },
  ]);
}
