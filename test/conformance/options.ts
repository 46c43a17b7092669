import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SUITES, type Suite } from "./suites.ts";

/** What a run of the conformance runner was asked for. */
export interface RunOptions {
  readonly checkout: string | undefined;
  readonly suites: readonly Suite[];
  /** Only units whose id holds this text. */
  readonly only: string;
  readonly runtime: RuntimeName;
  readonly jobs: number;
  /** What the times that tests may take are multiplied by. */
  readonly patience: number;
  /** File for the results, as JSON. */
  readonly out: string | undefined;
  /** Writes the expectations anew instead of comparing with them. */
  readonly update: boolean;
  /** Prints every subtest that fails. */
  readonly verbose: boolean;
}

export const RUNTIME_NAMES = ["skerry", "node", "deno", "workerd"] as const;
export type RuntimeName = (typeof RUNTIME_NAMES)[number];

export const HELP: string = `Runs web-platform-tests inside Skerry, one isolate per file, and compares with test/conformance/expectations/.

  node --no-node-snapshot test/conformance/run.ts --wpt FOLDER [options] [SUITE...]

  --wpt FOLDER      a checkout of web-platform-tests; or the environment variable WPT_FOLDER
  --only TEXT       only units whose id holds the text (may be repeated parts of a path)
  --runtime NAME    ${RUNTIME_NAMES.join(", ")}; others than skerry are not compared, only counted
                    (deno and workerd are looked for on the PATH)
  --jobs N          units at once  [default: 2]
  --patience N      tests may take N times as long: for a machine with much else to do  [default: 1]
  --out FILE        writes all results as JSON
  --update          writes the expectations of the suites anew; new failures get a reason to be filled in
  --verbose         prints every failing subtest with its message

Suites: ${SUITES.map(({ name }) => name).join(", ")}. None given: all.`;

/**
 * Reads the command line.
 * @throws Error naming the argument and what would be right
 */
export function readOptions(args: readonly string[]): RunOptions | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      wpt: { type: "string" },
      only: { type: "string", default: "" },
      runtime: { type: "string", default: "skerry" },
      jobs: { type: "string", default: "2" },
      patience: { type: "string", default: "1" },
      out: { type: "string" },
      update: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const runtime = RUNTIME_NAMES.find((name) => name === values.runtime);
  if (runtime === undefined)
    throw new Error(`--runtime is "${values.runtime}"; it must be one of ${RUNTIME_NAMES.join(", ")}`);
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64)
    throw new Error(`--jobs is "${values.jobs}"; it must be a whole number from 1 to 64`);
  const patience = Number(values.patience);
  if (!(patience >= 1 && patience <= 20))
    throw new Error(`--patience is "${values.patience}"; it must be a number from 1 to 20`);
  const suites = positionals.map((name) => {
    const suite = SUITES.find((one) => one.name === name);
    if (suite === undefined)
      throw new Error(`"${name}" is no suite; the suites are ${SUITES.map((one) => one.name).join(", ")}`);
    return suite;
  });
  const checkout = values.wpt ?? process.env["WPT_FOLDER"];
  return {
    checkout: checkout === undefined ? undefined : resolve(checkout),
    suites: suites.length > 0 ? suites : SUITES,
    only: values.only,
    runtime,
    jobs,
    patience,
    out: values.out,
    update: values.update,
    verbose: values.verbose,
  };
}
