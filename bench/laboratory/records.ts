import { readFile } from "node:fs/promises";
import type { Metric, SamplesByName, Size } from "./experiment.ts";

/** What a run was made of; the first line of its file. */
export interface RunRecord {
  readonly type: "run";
  readonly startedAt: string;
  readonly command: string;
  /** The subject that the others are compared with. */
  readonly ours: string;
  readonly size: Size;
  readonly machine: Readonly<Record<string, string>>;
}

/** The name under which a subject is measured a second time. */
export function controlOf(ours: string): string {
  return `${ours}-again`;
}

/** A subject as it was measured. */
export interface SubjectRecord {
  readonly type: "subject";
  readonly subject: string;
  readonly title: string;
  readonly version: string;
  /** Options with which its server was started, where there were any. */
  readonly flags?: string;
}

/** How a subject says that it ran, such as which layers of a sandbox were there; told once in a run. */
export interface ConditionsRecord {
  readonly type: "conditions";
  readonly subject: string;
  readonly text: string;
}

export interface ExperimentRecord {
  readonly type: "experiment";
  readonly experiment: string;
  readonly title: string;
  readonly about: string;
  readonly metrics: readonly Metric[];
}

/** What one round gave. */
export interface SamplesRecord {
  readonly type: "samples";
  readonly experiment: string;
  readonly subject: string;
  readonly round: number;
  readonly samples: SamplesByName;
  /** Share of the time in which the client's thread was busy, where it was measured. */
  readonly clientBusy?: number;
}

/** A subject that could not be measured, which is a result too. */
export interface FailureRecord {
  readonly type: "failure";
  readonly experiment: string;
  readonly subject: string;
  readonly round: number;
  readonly message: string;
}

/** What the machine was like when all was measured. */
export interface EndRecord {
  readonly type: "end";
  readonly machine: Readonly<Record<string, string>>;
  /** Where somebody interrupted the run: how many measurements of how many there were until then. */
  readonly interrupted?: { readonly done: number; readonly of: number };
}

/** Types of modules that are code. */
export const CODE_TYPES: readonly string[] = ["esm", "cjs", "script"];

/** A worker of somebody's own that the run was about, and what it is made of. The last line. */
export interface WorkerRecord {
  readonly type: "worker";
  readonly name: string;
  /** What was asked for. */
  readonly path: string;
  /** Whether a code cache was made after it had served; null where that was not found out. */
  readonly hasCodeCache: boolean | null;
  /** Modules that are code, as they were uploaded. */
  readonly codeBytes: number;
  readonly codeLines: number;
  /** Modules that are no code. */
  readonly otherBytes: number;
  readonly moduleCount: number;
  /** The largest modules. */
  readonly modules: readonly { readonly name: string; readonly type: string; readonly bytes: number }[];
  /** Files that went into the code. */
  readonly partCount: number;
  /** The files and packages that most of the code is of. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
  readonly limits: Readonly<Record<"scriptBytes" | "memoryMb" | "startupCpuMs", number>>;
}

/** A line of a run's file. */
export type LabRecord =
  | RunRecord
  | SubjectRecord
  | ConditionsRecord
  | ExperimentRecord
  | SamplesRecord
  | FailureRecord
  | EndRecord
  | WorkerRecord;

const TYPES: readonly string[] = [
  "run",
  "subject",
  "conditions",
  "experiment",
  "samples",
  "failure",
  "end",
  "worker",
];

/**
 * Reads a run's file, which is JSON lines. A last line that was cut, as by a power cut, is left away.
 * @throws Error naming the line that is none of a run's.
 */
export async function readRecords(path: string): Promise<LabRecord[]> {
  const lines = (await readFile(path, "utf8")).split("\n");
  // Each line ends where the next begins: what follows the last end is nothing, or a line that was cut.
  const whole = lines.slice(0, -1).filter((line) => line !== "");
  if (whole.length === 0)
    throw new Error(`${path} has no line of a run; it must be JSON lines of the laboratory`);
  return whole.map((line, index) => {
    const record = parse(line);
    if (!TYPES.includes(record.type)) {
      throw new Error(
        `${path}:${index + 1} is no line of a run; it must be JSON with "type" ${TYPES.join(", ")}`,
      );
    }
    return record;
  });
}

function parse(line: string): LabRecord {
  try {
    return JSON.parse(line) as LabRecord;
  } catch {
    return { type: "" } as unknown as LabRecord;
  }
}
