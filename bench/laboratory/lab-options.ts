import { parseArgs } from "node:util";
import { SUBJECTS } from "../subjects/subjects.ts";
import type { Experiment, Size } from "./experiment.ts";
import { INSTALL_PEERS, PEERS_SIZE } from "./announce.ts";
import { EXPERIMENTS } from "./experiments.ts";
import { DEFAULT_PRESET, PRESETS } from "./presets.ts";
import type { Subject } from "../subjects/subject.ts";

/** What one call of the laboratory shall do. */
export interface LabOptions {
  readonly experiments: readonly Experiment[];
  readonly subjects: readonly Subject[];
  readonly size: Size;
  /** Where the run is written, as JSON lines; with `--from` where it is read. */
  readonly jsonPath: string | null;
  readonly htmlPath: string | null;
  readonly comparePath: string | null;
  /** A run that was measured before: only its report is made again. */
  readonly fromPath: string | null;
  /** Which processors are whose: see `choosePinning`. */
  readonly pin: string;
  /** Whether the peers are installed before anything else. */
  readonly installPeers: boolean;
  /** Measures nothing: follows requests through the folders of the host. */
  readonly trace: boolean;
  /** Measures nothing: a folder for profiles of the host. */
  readonly profilePath: string | null;
}

/** With fewer, nothing can be said of one more. */
const LEAST_TENANTS = 10;
const { about: DEFAULT_ABOUT, size: DEFAULT_SIZE } = PRESETS[DEFAULT_PRESET]!;
const NAME_WIDTH = 9;

export const LAB_HELP: string = `npm run bench                                   ${DEFAULT_ABOUT}
npm run bench -- [experiment...] [options]      less, or more
npm run bench -- aims [run.jsonl]

Measures Skerry beside other runtimes: in every round each is started in a fresh process, warmed up, measured and ended.
Prints a table, and writes samples and a page. Ctrl-C ends it early: the report is then made of what was measured.

aims prints the table of aims with what a run says of it (default: the newest in bench/results).

  --preset <name>     experiments, runtimes and sizes in one word (default ${DEFAULT_PRESET}):
${Object.entries(PRESETS)
  .map(([name, { about }]) => `                        ${name.padEnd(NAME_WIDTH)}${about}`)
  .join("\n")}
  --only <names>      runtimes, with commas between (default: the preset's, as far as they are installed)
  --rounds <count>    rounds (${DEFAULT_PRESET}: ${DEFAULT_SIZE.rounds})
  --load-ms <ms>      how long each load goes on (${DEFAULT_PRESET}: ${DEFAULT_SIZE.loadMs})
  --tenants <count>   the most tenants that one server has (${DEFAULT_PRESET}: ${DEFAULT_SIZE.mostTenants})
  --install-peers     installs the other runtimes first: ${INSTALL_PEERS}, ${PEERS_SIZE}
  --pin <which>       auto: the client gets a processor of its own where there are four; off; or that processor's number
  --short             as --preset short
  --trace             measures nothing: prints what each step of a request takes, folder by folder
  --profile <folder>  measures nothing: writes CPU profiles and heap statistics of a host, cold and warm
  --json <file>       where the samples go (default bench/results/<time>.jsonl)
  --html <file>       where the page goes (default beside the samples)
  --compare <file>    a run before this one: what became better or worse
  --from <file>       measures nothing: makes the report of a run again

Other runtimes are installed apart; without them only Skerry and what Node itself offers take part.

experiments  ${[...EXPERIMENTS.keys()].join(", ")}
runtimes     ${[...SUBJECTS.keys()].join(", ")}
`;

/**
 * Reads the command line. A name ending in `*` stands for all that begin so, such as `cold-*`.
 * @throws RangeError naming the option, its value and what would be right.
 */
export function readLabOptions(args: readonly string[]): LabOptions | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string" },
      rounds: { type: "string" },
      "load-ms": { type: "string" },
      tenants: { type: "string" },
      preset: { type: "string", default: DEFAULT_PRESET },
      "install-peers": { type: "boolean", default: false },
      short: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      profile: { type: "string" },
      json: { type: "string" },
      html: { type: "string" },
      compare: { type: "string" },
      from: { type: "string" },
      pin: { type: "string", default: "auto" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const name = values.short ? "short" : values.preset;
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (preset === undefined)
    throw new RangeError(
      `--preset is ${JSON.stringify(name)}; it must be one of ${Object.keys(PRESETS).join(", ")}`,
    );
  const { size } = preset;
  return {
    experiments: pick("experiment", positionals.length > 0 ? positionals : preset.experiments, EXPERIMENTS),
    subjects: pick("--only", values.only?.split(",") ?? preset.only, SUBJECTS),
    size: {
      ...size,
      rounds: whole("--rounds", values.rounds, size.rounds, 1, 1_000),
      loadMs: whole("--load-ms", values["load-ms"], size.loadMs, 10, 600_000),
      mostTenants: whole("--tenants", values.tenants, size.mostTenants, LEAST_TENANTS, 1_000_000),
    },
    jsonPath: values.json ?? null,
    htmlPath: values.html ?? null,
    comparePath: values.compare ?? null,
    fromPath: values.from ?? null,
    pin: values.pin,
    trace: values.trace,
    installPeers: values["install-peers"],
    profilePath: values.profile ?? null,
  };
}

function pick<Value>(what: string, names: readonly string[], all: ReadonlyMap<string, Value>): Value[] {
  if (names.length === 0) return [...all.values()];
  const wanted = names.flatMap((name) => {
    const found = [...all.keys()].filter((key) =>
      name.endsWith("*") ? key.startsWith(name.slice(0, -1)) : key === name,
    );
    if (found.length === 0) {
      throw new RangeError(
        `${what} is ${JSON.stringify(name)}; it must be one of ${[...all.keys()].join(", ")}`,
      );
    }
    return found;
  });
  return [...all].filter(([key]) => wanted.includes(key)).map(([, value]) => value);
}

function whole(
  name: string,
  text: string | undefined,
  otherwise: number,
  least: number,
  most: number,
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(
      `${name} is ${JSON.stringify(text)}; it must be a whole number from ${least} to ${most}`,
    );
  }
  return value;
}
