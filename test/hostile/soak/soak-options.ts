import { parseArgs } from "node:util";

/** How a soak is run. */
export interface SoakOptions {
  /** Of the order of cases. */
  readonly seed: number;
  /** Cases to run. */
  readonly runs: number;
  /** Ends the soak early, in seconds. */
  readonly seconds: number;
  /** Cases that run at once. */
  readonly lanes: number;
  readonly cells: number;
  /** Time for memory to come back at the start and in the end, in seconds. */
  readonly settleSeconds: number;
  /** `short` leaves out the run of each case before the start is measured. @default "whole" */
  readonly warmUp?: "whole" | "short";
}

export const SOAK_HELP = `npm run soak -- [--runs 10000] [--seconds 3600] [--seed N] [--lanes 2] [--cells 2] [--settle 30]

Runs hostile workers at random in one host with process cells, beside two neighbours under load,
and says at the end whether every promise held. Exits with 1 where one did not.`;

/** Reads the options of a soak. @throws RangeError for what is no whole number above 0. */
export function readSoakOptions(args: readonly string[]): SoakOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", default: false },
      seed: { type: "string" },
      runs: { type: "string", default: "10000" },
      seconds: { type: "string", default: "3600" },
      lanes: { type: "string", default: "2" },
      cells: { type: "string", default: "2" },
      settle: { type: "string", default: "30" },
    },
  });
  if (values.help) return "help";
  return {
    seed: values.seed === undefined ? Date.now() % 2 ** 31 : whole("seed", values.seed),
    runs: whole("runs", values.runs),
    seconds: whole("seconds", values.seconds),
    lanes: whole("lanes", values.lanes),
    cells: whole("cells", values.cells),
    settleSeconds: whole("settle", values.settle),
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`--${name} is ${text}; it must be a whole number from 1`);
  return value;
}
